"""gunicorn's worker with threads, which waits for slow clients in bounded time, and refuses in our own words."""

import json
import logging
import os
import time
import uuid
from contextlib import suppress
from socket import SHUT_RDWR, SHUT_WR
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import ThreadWorker

from .config import config_from
from .errors import CODES
from .live.gate import TooSlow

log = logging.getLogger(__name__)

REQUEST_SECONDS = config_from(os.environ).request_seconds
# A large body may take longer, as long as it comes at this pace.
BYTES_A_SECOND = 16 * 1024
LINGER_SECONDS = 2.0

_refusals: dict[type[Exception], tuple[int, str]] = {
    TooSlow: (408, "The request did not come in time; send it again."),
    LimitRequestLine: (414, "The address is longer than this server accepts."),
    LimitRequestHeaders: (431, "The headers are larger than this server accepts."),
    ParseException: (400, "This is no HTTP request that this server understands."),
}
_bug = (500, "The server made a mistake; its log has the details under this requestId.")


class PatientReader(SocketUnreader):  # type: ignore[misc]
    """Reads what a client sends until its time is over, which every byte makes a little longer."""

    def begin(self) -> None:
        """Another request starts."""
        self._due = time.monotonic() + REQUEST_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.sock.gettimeout() is not None:
            # gunicorn looks for what is left of a body after the answer, with a bound of its own.
            return bytes(super().chunk(size_hint))
        try:
            self.sock.settimeout(max(0.001, self._due - time.monotonic()))
            data = bytes(super().chunk(size_hint))
        except TimeoutError:
            raise TooSlow from None
        finally:
            self.sock.settimeout(None)
        self._due += len(data) / BYTES_A_SECOND
        return data


class Worker(ThreadWorker):  # type: ignore[misc]
    def handle(self, conn: Any) -> Any:
        # With TLS, gunicorn makes the reader when the handshake is over, and waits as long as it takes.
        if conn.parser is None and not conn.cfg.is_ssl:
            conn.parser = get_parser(conn.cfg, conn.sock, conn.client)
            conn.parser.unreader = PatientReader(conn.sock)
        if isinstance(conn.parser and conn.parser.unreader, PatientReader):
            conn.parser.unreader.begin()
        goes_on = super().handle(conn)
        if not goes_on:
            _end(conn.sock)
        return goes_on

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: Exception) -> None:
        """Answers what never got to the app. Neither the answer nor the log repeats what the client sent."""
        status, message = next((said for kind, said in _refusals.items() if isinstance(exc, kind)), _bug)
        name = uuid.uuid4().hex
        if status == 500:
            log.error("a request that did not get to the app", exc_info=exc, extra={"requestId": name})
        else:
            log.warning("refused: %s", type(exc).__name__, extra={"requestId": name, "status": status})
        error = {"code": CODES.get(status, "INTERNAL"), "message": message, "requestId": name}
        with suppress(OSError):
            client.setblocking(True)
            client.sendall(_answer(status, json.dumps({"error": error}).encode()))


def _end(client: Any) -> None:
    """Waits until the client has read the answer. gunicorn does so in the one thread that all connections need."""
    end = time.monotonic() + LINGER_SECONDS
    with suppress(OSError):
        client.shutdown(SHUT_WR)
        while (left := end - time.monotonic()) > 0:
            client.settimeout(left)
            if not client.recv(65536):
                break
    with suppress(OSError):
        # So gunicorn finds nothing to wait for.
        client.shutdown(SHUT_RDWR)


def _answer(status: int, body: bytes) -> bytes:
    lines = (f"HTTP/1.1 {status} Refused", "Connection: close", "Content-Type: application/json")
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body
