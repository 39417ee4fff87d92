"""What is compared: the server over HTTP, a bare Flask, and sqlite3 alone. Answers are seconds of one operation."""

import http.client
import itertools
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from unified_storage_backend.keys import base64url

BATCH = 100
PUSHES = 20
PUTS = 100
PINGS = 400
VALUE = json.dumps({"text": "x" * 1000})
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
_item = (
    "INSERT INTO item (space, key, rev, deleted, value, client, mutation, updated_at) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (space, key) DO UPDATE SET rev = excluded.rev, deleted = excluded.deleted, value = excluded.value,"
    " client = excluded.client, mutation = excluded.mutation, updated_at = excluded.updated_at"
)
_result = "INSERT INTO result (space, client, mutation, hash, status, rev) VALUES (?,?,?,?,?,?)"
_client = (
    "INSERT INTO client (space, id, account, last_mutation, used_at) VALUES (?,?,?,?,?)"
    " ON CONFLICT (space, id) DO UPDATE SET last_mutation = excluded.last_mutation, used_at = excluded.used_at"
)


class Web:
    """One connection that is kept, as browsers do; times whole requests with their answers."""

    def __init__(self, port: int, client: str = "bench") -> None:
        self.client = client
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.numbers, self.puts = itertools.count(1), itertools.count(1)
        self.epoch = ""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        self.connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = self.connection.getresponse()
        data = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {data}")
        return data

    def push(self) -> float:
        """One mutation in a push of a hundred."""
        bodies = self.push_bodies()
        start = time.perf_counter()
        self.send(bodies)
        return (time.perf_counter() - start) / (PUSHES * BATCH)

    def push_bodies(self) -> list[bytes]:
        self.epoch = self.epoch or self.ask("GET", "/v2/session")["spaces"][0]["epoch"]
        return [self._push_body() for _ in range(PUSHES)]

    def send(self, bodies: list[bytes]) -> None:
        for body in bodies:
            self.ask("POST", "/v2/spaces/default/push", body)

    def _push_body(self) -> bytes:
        ids = list(itertools.islice(self.numbers, BATCH))
        mutations = [{"id": i, "op": "put", "key": f"{self.client}/{i}", "base": 0, "value": VALUE} for i in ids]
        body = {"epoch": self.epoch, "client": self.client, "mutations": mutations}
        return _json(body)

    def put(self) -> float:
        """One PUT of a new key."""
        body = _json({"value": VALUE})
        keys = [base64url(f"put/{next(self.puts)}".encode()) for _ in range(PUTS)]
        start = time.perf_counter()
        for key in keys:
            self.ask("PUT", f"/v2/spaces/default/items/{key}", body, **{"If-None-Match": "*"})
        return (time.perf_counter() - start) / PUTS

    def ping(self) -> float:
        start = time.perf_counter()
        for _ in range(PINGS):
            self.ask("GET", "/health")
        return (time.perf_counter() - start) / PINGS


def _json(body: Any) -> bytes:
    """As browsers write it."""
    return json.dumps(body, separators=(",", ":")).encode()


class Together:
    """Clients that push at once, each over a connection of its own: the server is never without a request."""

    def __init__(self, clients: Sequence[Web]) -> None:
        self.clients = clients
        self.pool = ThreadPoolExecutor(len(clients))

    def push(self) -> float:
        """One mutation of all that they push."""
        bodies = [client.push_bodies() for client in self.clients]
        start = time.perf_counter()
        list(self.pool.map(Web.send, self.clients, bodies))
        return (time.perf_counter() - start) / (len(self.clients) * PUSHES * BATCH)


class Raw:
    """Python's sqlite3 on a database of the same shape, with the same pragmas, and nothing in between."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")
        self.space = self.connection.execute("SELECT id FROM space").fetchone()[0]
        self.numbers = itertools.count(1)

    def items(self) -> float:
        """One item row in a transaction of a hundred."""
        return self._transactions(PUSHES, BATCH, self._put_items)

    def everything(self) -> float:
        """The same with all else that a push writes: outcomes, the client's last number, the head."""
        return self._transactions(PUSHES, BATCH, self._put_everything)

    def single(self) -> float:
        """One item row and the head in a transaction of its own: what a durable write costs on this disk."""
        return self._transactions(PUTS, 1, self._put_single)

    def _transactions(self, count: int, size: int, work: Any) -> float:
        batches = [list(self._rows(size)) for _ in range(count)]
        start = time.perf_counter()
        for batch in batches:
            self.connection.execute("BEGIN IMMEDIATE")
            work(batch)
            self.connection.execute("COMMIT")
        return (time.perf_counter() - start) / (count * size)

    def _rows(self, size: int) -> Iterator[tuple[Any, ...]]:
        for i in itertools.islice(self.numbers, size):
            yield self.space, f"raw/{i}".encode(), i, False, VALUE, "bench", i, 1

    def _put_items(self, rows: list[tuple[Any, ...]]) -> None:
        self.connection.executemany(_item, rows)

    def _put_single(self, rows: list[tuple[Any, ...]]) -> None:
        self._put_items(rows)
        self._move_head(rows)

    def _put_everything(self, rows: list[tuple[Any, ...]]) -> None:
        self.connection.execute(_client, (self.space, "bench", "bench", rows[-1][2], 1))
        self.connection.executemany(
            _result, [(self.space, "bench", row[2], "0" * 64, "applied", row[2]) for row in rows]
        )
        self._put_items(rows)
        self._move_head(rows)

    def _move_head(self, rows: list[tuple[Any, ...]]) -> None:
        self.connection.execute("UPDATE space SET head = ? WHERE id = ?", (rows[-1][2], self.space))
