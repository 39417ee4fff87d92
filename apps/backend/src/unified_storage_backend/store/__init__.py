"""All SQL of the server. Every function works in a transaction that its caller has opened."""
