"""In front of the app: handshakes of sockets are checked like any request, and few requests are in work at once."""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from flask import Flask

SOCKET_PATH = "/socket.io/"
# Sockets keep a thread each, so a server has many more threads than it should have requests in work.
REQUESTS_AT_ONCE = 8

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Gate:
    """A WSGI application around the app and its sockets."""

    def __init__(self, app: Flask, inner: Application) -> None:
        self._app, self._inner = app, inner
        self._slots = BoundedSemaphore(REQUESTS_AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(SOCKET_PATH.rstrip("/")):
            with self._slots:
                return self._inner(environ, start_response)
        with self._slots, self._app.request_context(environ):
            answer = self._app.full_dispatch_request()
        allowed = answer.status_code == 101
        return self._inner(environ, start_response) if allowed else answer(environ, start_response)
