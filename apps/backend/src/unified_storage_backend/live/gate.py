"""In front of the app: handshakes of sockets are checked like any request, and few requests are in work at once."""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from flask import Flask
from werkzeug.exceptions import BadRequest, RequestTimeout
from werkzeug.wsgi import get_content_length

SOCKET_PATH = "/socket.io/"
# Sockets keep a thread each, so a server has many more threads than it should have requests in work.
REQUESTS_AT_ONCE = 8

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class TooSlow(Exception):
    """What a client sends did not come in time."""


class Gate:
    """A WSGI application around the app and its sockets."""

    def __init__(self, app: Flask, inner: Application) -> None:
        self._app, self._inner = app, inner
        self._slots = BoundedSemaphore(REQUESTS_AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(SOCKET_PATH.rstrip("/")):
            environ["wsgi.input"] = _Body(environ, self._slots)
            with self._slots:
                return self._inner(environ, start_response)
        with self._slots, self._app.request_context(environ):
            answer = self._app.full_dispatch_request()
        allowed = answer.status_code == 101
        return self._inner(environ, start_response) if allowed else answer(environ, start_response)


class _Body:
    """The body of a request, which gives its place to others while it waits for what the client has not sent yet."""

    def __init__(self, environ: dict[str, Any], slots: BoundedSemaphore) -> None:
        self._stream, self._slots = environ["wsgi.input"], slots
        self._announced = get_content_length(environ) or 0

    def read(self, size: int = -1) -> bytes:
        return self._wait(self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._wait(self._stream.readline, size)

    def _wait(self, read: Callable[[int], bytes], size: int) -> bytes:
        self._slots.release()
        try:
            data = read(size)
        except TooSlow:
            raise RequestTimeout from None
        except Exception:
            # Whatever a server raises here, it is about what the client sent, as bad chunks are.
            raise BadRequest from None
        finally:
            self._slots.acquire()
        self._announced -= len(data)
        if not data and self._announced > 0:
            # A part of what was meant may well be JSON too.
            raise BadRequest
        return data
