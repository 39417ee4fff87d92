"""One client's WebSocket: it may say who it is and answer pings, and nothing else."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from socket import SHUT_RD
from threading import Lock
from typing import Any

from engineio.exceptions import SocketIsClosedError
from engineio.packet import CLOSE, PING, Packet
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Message, Pong, TextMessage
from wsproto.events import Ping as PingFrame
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError, generate_accept_token

PING_SECONDS = 25
PONG_SECONDS = 20
# How long a client may take to say who it is.
CONNECT_SECONDS = 10
MESSAGE_CHARACTERS = 1024
# Frames between two pings, of any kind.
FRAMES = 20
# Where a handshake's WSGI environment holds its WebSocket.
SOCKET = "unified_storage.socket"

_connect, _disconnect, _pong = "40", "41", "3"


class WebSocket:
    """
    Reads in the thread of the request and needs no other. It takes no extension: the memory of a compressor would be
    more than all the rest of a client, for messages of a hundred bytes.
    """

    def __init__(self, handler: Callable[["WebSocket"], Any], opened: set["WebSocket"]) -> None:
        self._handler, self._opened = handler, opened
        # Engine.IO's side of this client.
        self._engine = getattr(handler, "__self__")  # noqa: B009 - it is a method, which the type does not say
        self._frames = Connection(ConnectionType.SERVER)
        self._sending = Lock()
        self._messages: deque[str] = deque()
        self._text = ""
        self.joined = self._asked = self._pinged = False
        self._code: int = CloseReason.NORMAL_CLOSURE

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        environ[SOCKET] = self
        self._socket = environ["gunicorn.socket" if "gunicorn.socket" in environ else "werkzeug.socket"]
        self._start_period(CONNECT_SECONDS)
        self._opened.add(self)
        try:
            self._socket.sendall(_accept(environ["HTTP_SEC_WEBSOCKET_KEY"]))
            self._handler(self)
        except OSError:
            pass
        finally:
            self._opened.discard(self)
            self._forget()
        # So each server learns that the connection is over and there is no answer to write.
        raise StopIteration if "gunicorn.socket" in environ else ConnectionError

    def wait(self) -> str | None:
        """The next message of the client, for Engine.IO; None ends the connection."""
        if self._asked and not self.joined:
            return None
        while not self._messages:
            if not self._receive():
                return None
        return self._messages.popleft()

    def send(self, text: str) -> None:
        self._write(Message(data=text))

    def close(self) -> None:
        """Called when everything before it is sent."""
        with suppress(OSError):
            self._write(CloseConnection(code=self._code))

    def end(self, code: int) -> None:
        """Ends the connection from another thread, without waiting for the client."""
        self._code = code
        with suppress(OSError, SocketIsClosedError):
            self._engine.send(Packet(CLOSE))
            self._socket.shutdown(SHUT_RD)

    def _forget(self) -> None:
        """Engine.IO would do so itself where handlers return; ours never does, see above."""
        self._engine.close(wait=False, abort=True)
        self._engine.server.sockets.pop(self._engine.sid, None)

    def _start_period(self, seconds: float) -> None:
        self._due, self._left = time.monotonic() + seconds, FRAMES

    def _receive(self) -> bool:
        if time.monotonic() >= self._due and not self._ping():
            return False
        try:
            self._socket.settimeout(max(0.001, self._due - time.monotonic()))
            data = self._socket.recv(4096)
            if not data:
                return False
            self._frames.receive_data(data)
            return all(self._take(event) for event in self._frames.events())
        except TimeoutError:
            return True
        except (OSError, LocalProtocolError):
            return False
        except RemoteProtocolError:
            return self._violates(CloseReason.PROTOCOL_ERROR)

    def _ping(self) -> bool:
        """False, when the last ping got no answer or the client never said who it is."""
        if self._pinged or not self._asked:
            return self._violates(CloseReason.POLICY_VIOLATION)
        self._pinged = True
        self._start_period(PONG_SECONDS)
        self._engine.send(Packet(PING))
        return True

    def _take(self, event: Event) -> bool:
        self._left -= 1
        if self._left < 0:
            return self._violates(CloseReason.POLICY_VIOLATION)
        if isinstance(event, TextMessage):
            return self._take_text(event)
        if isinstance(event, BytesMessage):
            return self._violates(CloseReason.UNSUPPORTED_DATA)
        if isinstance(event, PingFrame):
            self._write(event.response())
        return isinstance(event, PingFrame | Pong)

    def _take_text(self, event: TextMessage) -> bool:
        self._text += event.data
        if len(self._text) > MESSAGE_CHARACTERS:
            return self._violates(CloseReason.MESSAGE_TOO_BIG)
        if not event.message_finished:
            return True
        message, self._text = self._text, ""
        return self._take_message(message)

    def _take_message(self, message: str) -> bool:
        if not self._asked and message.startswith(_connect):
            self._asked = True
            self._start_period(PING_SECONDS)
            self._messages.append(message)
            return True
        if message == _pong and self._pinged:
            self._pinged = False
            self._start_period(PING_SECONDS)
            return True
        return message != _disconnect and self._violates(CloseReason.POLICY_VIOLATION)

    def _violates(self, code: int) -> bool:
        self._code = code
        return False

    def _write(self, event: Event) -> None:
        try:
            with self._sending:
                self._socket.sendall(self._frames.send(event))
        except LocalProtocolError as problem:
            raise OSError from problem


def _accept(key: str) -> bytes:
    token = generate_accept_token(key.encode("latin-1")).decode()
    lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    return "\r\n".join((*lines, f"Sec-WebSocket-Accept: {token}", "", "")).encode()
