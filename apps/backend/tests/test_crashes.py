"""The real server killed with -9, workers and master, while processes push, repeat, and lose answers."""

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from unified_storage_backend.tables import client, item, result, space

from .budget import SEED, budget, write_down
from .pusher import Order, push_all
from .real_server import free_port, real_server

pytestmark = [
    pytest.mark.both_engines,
    pytest.mark.skipif(not Path("/proc").exists(), reason="the test finds the workers in /proc"),
]

CLIENTS = 8
MUTATIONS = budget("MUTATIONS", 600)
# More than one needs Redis: TORTURE_WORKERS=4 REDIS_URL=redis://localhost
WORKERS = budget("WORKERS", 1)


def test_y3_nothing_acknowledged_is_lost_or_doubled(database_url: str, engine: str, tmp_path: Path) -> None:
    port, stop = free_port(), threading.Event()
    orders = [Order(port, number, MUTATIONS // CLIENTS, SEED) for number in range(CLIENTS)]
    spawn = multiprocessing.get_context("spawn")
    with (
        killed_again_and_again(port, database_url, tmp_path / "log", stop) as kills,
        ProcessPoolExecutor(CLIENTS, mp_context=spawn) as pool,
    ):
        reports = list(pool.map(push_all, orders))
        stop.set()
    acknowledged = {key: rev for report in reports for key, rev in report.revisions.items()}
    counts = {name: sum(getattr(report, name) for report in reports) for name in ("pushes", "lost", "repeated")}
    assert {"worker", "master"} <= set(kills)
    # Of all together: a few pushes of one client may well have gone through undisturbed.
    assert counts["lost"]
    assert counts["repeated"]
    check_stored(database_url, acknowledged)
    if engine == "sqlite":
        with closing(sqlite3.connect(tmp_path / "storage.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    write_down(test="crashes", engine=engine, kills=len(kills), acknowledged=len(acknowledged), **counts, seed=SEED)


def check_stored(database_url: str, acknowledged: dict[str, int]) -> None:
    """Every acknowledged mutation is there once, with its outcome, and the revisions have no gaps."""
    each = len(acknowledged) // CLIENTS
    engine = create_engine(database_url)
    with engine.connect() as connection:
        stored = {key.decode(): rev for key, rev in connection.execute(select(item.c.key, item.c.rev))}
        head = connection.scalar(select(space.c.head))
        last = list(connection.scalars(select(client.c.last_mutation)))
        outcomes = list(connection.scalars(select(result.c.rev).order_by(result.c.rev)))
    engine.dispose()
    assert stored == acknowledged
    assert sorted(stored.values()) == list(range(1, len(acknowledged) + 1))
    assert head == len(acknowledged)
    assert last == [each] * CLIENTS
    assert outcomes == list(range(1, len(acknowledged) + 1))


@contextmanager
def killed_again_and_again(port: int, url: str, log: Path, stop: threading.Event) -> Iterator[list[str]]:
    kills: list[str] = []
    settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": str(WORKERS), "REDIS_URL": os.environ.get("REDIS_URL", "")}

    def work() -> None:
        random_ = random.Random(SEED)
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
