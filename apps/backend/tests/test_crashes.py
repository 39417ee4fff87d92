"""The real server killed with -9, workers and master, while clients push and repeat what got no answer."""

import json
import os
import random
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from unified_storage_backend.tables import item, space

from .real_server import free_port, real_server

pytestmark = [
    pytest.mark.both_engines,
    pytest.mark.skipif(not Path("/proc").exists(), reason="the test finds the workers in /proc"),
]

CLIENTS = 4
PUSHES = 20
BATCH = 10
MUTATIONS = CLIENTS * PUSHES * BATCH
SECONDS = 120


def test_y3_nothing_acknowledged_is_lost_or_doubled(database_url: str, tmp_path: Path) -> None:
    port, stop = free_port(), threading.Event()
    with (
        killed_again_and_again(port, database_url, tmp_path / "log", stop) as kills,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        acknowledged = list(pool.map(lambda number: push_all(port, number), range(CLIENTS)))
        stop.set()
    assert len(kills) >= 3
    engine = create_engine(database_url)
    with engine.connect() as connection:
        stored = {key.decode(): rev for key, rev in connection.execute(select(item.c.key, item.c.rev))}
        head = connection.scalar(select(space.c.head))
    engine.dispose()
    assert {key: rev for answers in acknowledged for key, rev in answers.items()} == stored
    assert sorted(stored.values()) == list(range(1, MUTATIONS + 1))
    assert head == MUTATIONS
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "storage.db")) as connection_:
            assert connection_.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@contextmanager
def killed_again_and_again(port: int, url: str, log: Path, stop: threading.Event) -> Iterator[list[str]]:
    kills: list[str] = []
    settings = {"DATABASE_URL": url}

    def work() -> None:
        random_ = random.Random(1)
        while not stop.is_set():
            with real_server(log, settings, port) as (_, server):
                time.sleep(random_.uniform(0.05, 0.4))
                for worker in children(server.pid):
                    os.kill(worker, signal.SIGKILL)
                    kills.append("worker")
                time.sleep(random_.uniform(0.05, 0.6))
                os.killpg(server.pid, signal.SIGKILL)
                kills.append("master")
        with real_server(log, settings, port):
            stopped.wait()

    stopped = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield kills
    finally:
        stop.set()
        stopped.set()
        thread.join()


def children(pid: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def push_all(port: int, number: int) -> dict[str, int]:
    """Pushes everything, each push until it is acknowledged, and answers the revision of every key."""
    revisions: dict[str, int] = {}
    epoch = insist(port, "/v2/session")["spaces"][0]["epoch"]
    for start in range(1, PUSHES * BATCH, BATCH):
        keys = {i: f"{number}/{i}" for i in range(start, start + BATCH)}
        mutations = [{"id": i, "op": "put", "key": key, "base": 0, "value": str(i)} for i, key in keys.items()]
        body = {"epoch": epoch, "client": f"client-{number}", "mutations": mutations}
        answer = insist(port, "/v2/spaces/default/push", body)
        for result in answer["results"]:
            outcome = result.get("original") or result
            assert outcome["status"] == "applied"
            revisions[keys[result["id"]]] = outcome["rev"]
    return revisions


def insist(port: int, path: str, body: object = None) -> Any:
    """Asks until there is an answer; only outages may stand in the way."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 503:
                raise
        except (OSError, HTTPException, ValueError) as error:
            if time.monotonic() > deadline:
                raise TimeoutError from error
        time.sleep(0.02)
