"""What no HTTP library would send, to the real server: refused in the one shape, and not repeated in the log."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from .real_server import real_server
from .sockets import ask, put

SECRET = b"a-key-nobody-may-see"
KEY = b"PUT /api/storage/" + SECRET + b" HTTP/1.1"
HOST = b"Host: localhost"
JSON = b"Content-Type: application/json"
CHUNKED = (KEY, HOST, JSON, b"Transfer-Encoding: chunked", b"")
ITEM = b"GET /v2/spaces/default/items/YQ HTTP/1.1"
REQUESTS: dict[str, tuple[tuple[bytes, ...], int]] = {
    "no size of a chunk": ((*CHUNKED, b"zz", b"{}", b"0", b"", b""), 400),
    "a negative size of a chunk": ((*CHUNKED, b"-1", b"{}", b"0", b"", b""), 400),
    "a chunk without an end": ((*CHUNKED, b"2", b"{}{}", b"0", b"", b""), 400),
    "chunks that end early": ((*CHUNKED, b"fff", b'{"value":1}'), 400),
    "a bad trailer": ((*CHUNKED, b"b", b'{"value":1}', b"0", SECRET, b"", b""), 400),
    "an unknown coding": ((KEY, HOST, b"Transfer-Encoding: " + SECRET, b"", b""), 400),
    "two lengths": ((KEY, HOST, b"Content-Length: 1", b"Content-Length: 2", b"", b""), 400),
    "a length that is none": ((KEY, HOST, b"Content-Length: " + SECRET, b"", b""), 400),
    "length and chunks": ((KEY, HOST, b"Content-Length: 1", b"Transfer-Encoding: chunked", b"", b""), 400),
    "a long line": ((b"GET /" + SECRET * 1000 + b" HTTP/1.1", HOST, b"", b""), 414),
    "large headers": ((ITEM, HOST, b"X: " + SECRET * 1000, b"", b""), 431),
    "raw UTF-8": (("GET /api/storage/é".encode() + SECRET + b" HTTP/1.1", HOST, b"", b""), 400),
    "a bad method": ((b"P(UT /" + SECRET + b" HTTP/1.1", HOST, b"", b""), 400),
    "a bad header": ((ITEM, HOST, SECRET + b"\xc3: 1", b"", b""), 400),
    "another protocol": ((b"GET /" + SECRET + b" HTTP/9.9", HOST, b"", b""), 400),
    "no HTTP": ((b"\x16\x03\x01\x02" + SECRET, b"", b""), 400),
    "an expectation": ((KEY, HOST, JSON, b"Expect: " + SECRET, b"", b""), 400),
    "If-Match of a GET": ((ITEM, HOST, b'If-Match: "x"', b"Connection: close", b"", b""), 412),
    "a body that ends early": ((KEY, HOST, JSON, b"Content-Length: 100", b"", b'{"value":1}'), 400),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Its port, and its log."""
    folder = tmp_path_factory.mktemp("raw")
    settings = {"DATABASE_PATH": str(folder / "storage.db"), "LOG_LEVEL": "debug", "REQUEST_SECONDS": "3"}
    with real_server(folder / "log", settings) as (port, _):
        put(port, "a")
        yield port, folder / "log"


def answers_to(port: int, data: bytes) -> tuple[int, Any]:
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return answer_of(client)


def answer_of(client: socket.socket) -> tuple[int, Any]:
    """Status and body of the one answer that comes before the end."""
    data = b""
    while received := client.recv(65536):
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"application/json" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_is_none_is_refused_in_the_one_shape(server: tuple[int, Path], name: str) -> None:
    port, log = server
    lines, expected = REQUESTS[name]
    before = ask(port, "GET", "/api/storage/export")
    status, body = answers_to(port, b"\r\n".join(lines))
    assert (status, body.keys()) == (expected, {"error"})
    assert {"code", "message", "requestId"} <= body["error"].keys() <= {"code", "message", "requestId", "current"}
    assert SECRET not in json.dumps(body).encode()
    assert ask(port, "GET", "/api/storage/export") == before
    written = log.read_text()
    assert SECRET.decode() not in written
    assert all({"time", "level", "message"} <= json.loads(line).keys() for line in written.splitlines())


@pytest.mark.parametrize("count", [8, 100])
def test_bodies_that_do_not_come_stop_nobody_else(server: tuple[int, Path], count: int) -> None:
    port, _ = server
    with ExitStack() as open_:
        waiting = [open_.enter_context(half_sent(port)) for _ in range(count)]
        assert ask(port, "GET", "/health")[0] == 200
        put(port, "a")
        waiting[0].sendall(b":1}")
        waiting[0].shutdown(socket.SHUT_WR)
        assert answer_of(waiting[0]) == (200, {"success": True})
        # Nobody is waited for for ever.
        refused = [answer_of(client) for client in waiting[1:]]
        assert {(status, body["error"]["code"]) for status, body in refused} == {(408, "TIMEOUT")}
    assert ask(port, "GET", "/api/storage/half")[0] == 200


def test_heads_that_do_not_come_are_not_waited_for(server: tuple[int, Path]) -> None:
    port, _ = server
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        client.sendall(KEY + b"\r\nHo")
        status, body = answer_of(client)
        assert (status, body["error"]["code"]) == (408, "TIMEOUT")


def test_a_slow_body_that_goes_on_is_taken(server: tuple[int, Path]) -> None:
    port, _ = server
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        body = b'{"value":"' + b"x" * 300_000 + b'"}'
        client.sendall(b"\r\n".join((KEY, HOST, JSON, b"Content-Length: %d" % len(body), b"", body[:200_000])))
        # Longer than a body of a few bytes may take.
        client.settimeout(4)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(30)
        client.sendall(body[200_000:])
        client.shutdown(socket.SHUT_WR)
        assert answer_of(client)[0] == 200


@contextmanager
def half_sent(port: int) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        start = (b"PUT /api/storage/half HTTP/1.1", HOST, JSON, b"Content-Length: 11", b"", b'{"value"')
        client.sendall(b"\r\n".join(start))
        yield client
