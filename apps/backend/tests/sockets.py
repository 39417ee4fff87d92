"""A client's side of a socket, and requests to a real server."""

import http.client
import json
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import BytesMessage, CloseConnection, Event, Message, Ping, Pong, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

ADDRESS = "/socket.io/?EIO=4&transport=websocket"
SECONDS = 20
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


class Ended(Exception):
    """The server ended the connection, with this code; 1006 where it just went away."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """Speaks Socket.IO by hand, so that a test can also speak it wrongly; asks for compression, as browsers do."""

    def __init__(self, port: int, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self._frames = WSConnection(ConnectionType.CLIENT)
        self._messages: deque[str] = deque()
        self._ended: int | None = None
        self.pongs = 0
        extra = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        hello = Request(f"127.0.0.1:{port}", ADDRESS, extensions=[PerMessageDeflate()], extra_headers=extra)
        self._socket.sendall(self._frames.send(hello))
        assert str(self.receive()).startswith("0{")

    def say(self, text: str | bytes) -> None:
        message: Message[Any] = TextMessage(data=text) if isinstance(text, str) else BytesMessage(data=text)
        self._socket.sendall(self._frames.send(message))

    def ping(self, times: int) -> None:
        """Pings of the WebSocket itself, below Socket.IO's."""
        self._socket.sendall(self._frames.send(Ping(payload=b"x")) * times)

    def receive(self, seconds: float = SECONDS) -> str | None:
        """The next message; None when there is none in time. Raises Ended."""
        deadline = time.monotonic() + seconds
        while not self._messages:
            if self._ended is not None:
                raise Ended(self._ended)
            if time.monotonic() >= deadline:
                return None
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            self._frames.receive_data(data or None)
            for event in self._frames.events():
                self._take(event)
        return self._messages.popleft()

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage):
            self._messages.append(event.data)
        self.pongs += isinstance(event, Pong)
        if isinstance(event, CloseConnection):
            self._ended = event.code

    def sign_in(self, **auth: Any) -> Any:
        """Says who it is; answers what the server says to that."""
        self.say("40" + (json.dumps(auth) if auth else ""))
        return self.receive()

    def poke(self) -> Any:
        """The next poke."""
        text = str(self.receive())
        assert text.startswith('42["poke",'), text
        return json.loads(text[2:])[1]

    def hears(self, head: int) -> bool:
        """Waits for the poke with this head; earlier ones may come before it, or be left out."""
        while True:
            said = self.poke()["head"]
            if said >= head:
                return bool(said == head)

    def ending(self) -> int:
        """The code with which the server ends the connection."""
        try:
            while self.receive() is not None:
                pass
        except Ended as ended:
            return ended.code
        finally:
            self.close()
        raise TimeoutError

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening(port: int, **auth: Any) -> Iterator[Socket]:
    """A client that was let in."""
    client = Socket(port)
    try:
        assert str(client.sign_in(**auth)).startswith("40{")
        yield client
    finally:
        client.close()


def ask(port: int, method: str, path: str, json_: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and body of a request over the network."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        connection.request(method, path, None if json_ is None else json.dumps(json_), sent)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    kind = answer.headers.get("Content-Type", "")
    return answer.status, json.loads(body) if kind == "application/json" else body.decode()


def put(port: int, key: str, **headers: str) -> None:
    status, _ = ask(port, "PUT", f"/api/storage/{key}", {"value": 1}, **headers)
    assert status == 200


def until(true: Any) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)
