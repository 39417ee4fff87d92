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
from .redis_server import redis_server

CLIENTS = 8
MUTATIONS = budget("MUTATIONS", 600)
WORKERS = budget("WORKERS", 2)


@pytest.mark.both_engines
@pytest.mark.skipif(not Path("/proc").exists(), reason="the test finds the workers in /proc")
def test_y3_nothing_acknowledged_is_lost_or_doubled(database_url: str, engine: str, tmp_path: Path) -> None:
    port, stop = free_port(), threading.Event()
    orders = [Order(port, number, MUTATIONS // CLIENTS, SEED) for number in range(CLIENTS)]
    spawn = multiprocessing.get_context("spawn")
    with (
        redis_server() as (redis, _),
        killed_again_and_again(port, settings_of(database_url, redis), tmp_path / "log", stop) as kills,
        ProcessPoolExecutor(CLIENTS, mp_context=spawn) as pool,
    ):
        reports = list(pool.map(push_all, orders))
        stop.set()
    acknowledged = {key: rev for report in reports for key, rev in report.revisions.items()}
    counts = {
        name: sum(getattr(report, name) for report in reports) for name in ("pushes", "lost", "repeated", "outages")
    }
    wrong = wrong_in(stored_in(database_url), acknowledged)
    counts |= {"kills": len(kills), "acknowledged": len(acknowledged), "wrong": len(wrong)}
    write_down(test="crashes", engine=engine, workers=WORKERS, **counts, seed=SEED)
    assert {"worker", "master"} <= set(kills)
    # Of all together: a few pushes of one client may well have gone through undisturbed.
    assert all(counts[name] > 0 for name in ("lost", "repeated", "outages")), counts
    assert not wrong
    check_numbers(database_url, acknowledged)
    if engine == "sqlite":
        with closing(sqlite3.connect(tmp_path / "storage.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def settings_of(database_url: str, redis: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "WEB_CONCURRENCY": str(WORKERS), "REDIS_URL": redis}


def stored_in(database_url: str) -> dict[str, int]:
    """The revision of every key."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = connection.execute(select(item.c.key, item.c.rev)).all()
    engine.dispose()
    return {key.decode(): rev for key, rev in found}


def wrong_in(stored: dict[str, int], acknowledged: dict[str, int]) -> set[str]:
    """Keys that were acknowledged and are gone, are there with another revision, or that nobody was told of."""
    return {key for key in stored.keys() | acknowledged.keys() if stored.get(key) != acknowledged.get(key)}


def test_a_write_that_is_lost_or_doubled_is_noticed() -> None:
    acknowledged = {"a": 1, "b": 2}
    assert wrong_in({"a": 1, "b": 2}, acknowledged) == set()
    assert wrong_in({"a": 1}, acknowledged) == {"b"}
    assert wrong_in({"a": 1, "b": 3}, acknowledged) == {"b"}
    assert wrong_in({"a": 1, "b": 2, "c": 3}, acknowledged) == {"c"}


def check_numbers(database_url: str, acknowledged: dict[str, int]) -> None:
    """The revisions have no gaps, and every outcome is there once."""
    each = len(acknowledged) // CLIENTS
    engine = create_engine(database_url)
    with engine.connect() as connection:
        revs = list(connection.scalars(select(item.c.rev).order_by(item.c.rev)))
        head = connection.scalar(select(space.c.head))
        last = list(connection.scalars(select(client.c.last_mutation)))
        outcomes = list(connection.scalars(select(result.c.rev).order_by(result.c.rev)))
    engine.dispose()
    assert revs == list(range(1, len(acknowledged) + 1))
    assert head == len(acknowledged)
    assert last == [each] * CLIENTS
    assert outcomes == list(range(1, len(acknowledged) + 1))


@contextmanager
def killed_again_and_again(
    port: int, settings: dict[str, str], log: Path, stop: threading.Event
) -> Iterator[list[str]]:
    kills: list[str] = []

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
