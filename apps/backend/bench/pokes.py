"""
How soon 500 clients hear of a commit, from the moment that the write is asked for, and what each of them costs the
server: `python bench/pokes.py [clients] [commits]`.

The clients are real WebSockets in processes of their own, and ask for compression as browsers do; the server is
gunicorn with one worker.
"""

import http.client
import json
import multiprocessing
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeAlias

SOURCES = Path(__file__).parents[1] / "src"
PROCESSES = 2
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
Times: TypeAlias = "Queue[list[float]]"
POKE = re.compile(rb'42\["poke",\{[^}]*"head":(\d+)\}\]')


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


def measure(port: int, pid: int, clients: int, commits: int) -> None:
    for number in range(20):
        ask(port, "PUT", "/api/storage/warm", {"value": number})
    before = kilobytes(pid)
    barrier = multiprocessing.Barrier(PROCESSES + 1)
    results: Times = multiprocessing.Queue()
    arguments = (port, clients // PROCESSES, commits, 20, barrier, results)
    listeners = [multiprocessing.Process(target=listen, args=arguments, daemon=True) for _ in range(PROCESSES)]
    for listener in listeners:
        listener.start()
    delays: list[float] = []
    for number in range(commits):
        barrier.wait(120)
        if number == 0:
            time.sleep(1)
            connected = kilobytes(pid)
        time.sleep(0.3)
        asked = time.monotonic()
        ask(port, "PUT", "/api/storage/a", {"value": number})
        for _ in listeners:
            delays += [(heard - asked) * 1000 for heard in results.get(timeout=30)]
        barrier.wait(120)
    delays.sort()
    shares = {"p50": 0.5, "p95": 0.95, "max": 1}
    at = {name: round(delays[int((len(delays) - 1) * share)]) for name, share in shares.items()}
    each = round((connected - before) / clients)
    after = round((kilobytes(pid) - before) / clients)
    print(
        json.dumps({"clients": clients, "commits": commits, "ms": at, "kilobytesEach": each, "kilobytesAfter": after})
    )


def main() -> None:
    given = [int(text) for text in sys.argv[1:]]
    clients, commits = (*given, *(500, 30)[len(given) :])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"PORT": str(port), "DATABASE_PATH": f"{folder}/storage.db", "PYTHONPATH": str(SOURCES)}
        command = [sys.executable, "-m", "unified_storage_backend"]
        server = subprocess.Popen(command, env=os.environ | settings, cwd=folder)
        try:
            while True:
                try:
                    ask(port, "GET", "/health")
                    break
                except OSError:
                    time.sleep(0.1)
            measure(port, worker_of(server.pid), clients, commits)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
