"""
How soon 500 clients hear of a commit, from the moment that the write is asked for, and what each of them costs the
server. The clients are real WebSockets in processes of their own, and ask for compression as browsers do; the server
is gunicorn with one worker.
"""

import http.client
import json
import multiprocessing
import re
import selectors
import socket
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.real_server import real_server

CLIENTS = 500
COMMITS = 30
WARM_UP = 20
PROCESSES = 2
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
Times: TypeAlias = "Queue[list[float]]"
POKE = re.compile(rb'42\["poke",\{[^}]*"head":(\d+)\}\]')


class Pokes(NamedTuple):
    """Milliseconds until it is heard, by share of all clients and commits; and kilobytes of the server's memory."""

    p50: float
    p95: float
    most: float
    kilobytes_each: float


def pokes(folder: Path) -> Pokes:
    """Starts a server and listens to it."""
    with real_server(folder / "pokes.log", {"DATABASE_PATH": str(folder / "pokes.db")}) as (port, server):
        return measure(port, worker_of(server.pid))


def connect(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), 30)
    client.sendall(HANDSHAKE.encode())
    read_until(client, b'"maxPayload"')
    # One masked text frame: 40, with a mask of zeros.
    client.sendall(b"\x81\x82\0\0\0\x0040")
    read_until(client, b'40{"sid"')
    return client


def read_until(client: socket.socket, wanted: bytes) -> None:
    data = b""
    while wanted not in data:
        received = client.recv(4096)
        if not received:
            raise ConnectionError(data)
        data += received


def listen(port: int, count: int, commits: int, base: int, barrier: Barrier, results: Times) -> None:
    clients = [connect(port) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client, selectors.EVENT_READ)
    for commit in range(1, commits + 1):
        barrier.wait()
        times: list[float] = []
        while len(times) < count:
            ready = selector.select(10)
            if not ready:
                raise TimeoutError(f"{count - len(times)} clients heard nothing")
            for key, _ in ready:
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                heads = [int(head) for head in POKE.findall(data)]
                if base + commit in heads:
                    times.append(time.monotonic())
        results.put(times)
        barrier.wait()


def ask(port: int, method: str, path: str, body: object = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(data)
    return data


def worker_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def kilobytes(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def measure(port: int, pid: int) -> Pokes:
    for number in range(WARM_UP):
        ask(port, "PUT", "/api/storage/warm", {"value": number})
    before = kilobytes(pid)
    barrier = multiprocessing.Barrier(PROCESSES + 1)
    results: Times = multiprocessing.Queue()
    arguments = (port, CLIENTS // PROCESSES, COMMITS, WARM_UP, barrier, results)
    listeners = [multiprocessing.Process(target=listen, args=arguments, daemon=True) for _ in range(PROCESSES)]
    for listener in listeners:
        listener.start()
    barrier.wait(120)
    time.sleep(1)
    each = (kilobytes(pid) - before) / CLIENTS
    delays: list[float] = []
    for number in range(COMMITS):
        if number:
            barrier.wait(120)
        delays += commit(port, number, results)
        barrier.wait(120)
    for listener in listeners:
        listener.join()
    delays.sort()
    p50, p95, most = (delays[int((len(delays) - 1) * share)] for share in (0.5, 0.95, 1))
    return Pokes(p50, p95, most, each)


def commit(port: int, number: int, results: Times) -> list[float]:
    """Writes, and waits until all have heard of it; answers after how many milliseconds each did."""
    time.sleep(0.3)
    asked = time.monotonic()
    ask(port, "PUT", "/api/storage/a", {"value": number})
    return [(heard - asked) * 1000 for _ in range(PROCESSES) for heard in results.get(timeout=60)]
