"""The addresses of the server. A route reads the request, calls the store in one transaction, and answers."""
