"""Live pokes: after a commit, clients that listen to the space hear that there is something to fetch."""
