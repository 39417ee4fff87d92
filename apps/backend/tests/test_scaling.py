"""Several processes of one server, with a real Redis between them, and without it when it fails."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from .real_server import environment, free_port, real_server
from .redis_server import redis_server
from .sockets import ask, listening, put


@dataclass(frozen=True)
class Pair:
    """Two servers on one database, and the Redis between them."""

    one: int
    other: int
    redis: subprocess.Popen[bytes]
    redis_port: int


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    redis_port = free_port()
    with redis_server(redis_port) as (address, redis):
        settings = {"DATABASE_URL": database_url, "REDIS_URL": address}
        settings |= {"RATE_LIMIT": "500 per hour", "TRUSTED_PROXIES": "1"}
        # Most of the time goes into starting them: at the same time, then.
        with ExitStack() as servers, ThreadPoolExecutor(2) as pool:
            names = ("one", "other")
            starting = [real_server(tmp_path / f"{name}.log", settings, free_port()) for name in names]
            one, other = (port for port, _ in pool.map(servers.enter_context, starting))
            yield Pair(one, other, redis, redis_port)


@pytest.mark.both_engines
def test_two_processes_count_requests_and_share_pokes(pair: Pair) -> None:
    somebody = {"X_Forwarded_For": "203.0.113.9"}
    statuses = [ask(port, "GET", "/health", **somebody)[0] for _ in range(255) for port in (pair.one, pair.other)]
    assert statuses == [200] * 500 + [429] * 10
    with listening(pair.one) as here, listening(pair.other) as there:
        put(pair.one, "a")
        assert here.hears(1)
        assert there.hears(1)
        put(pair.other, "a")
        assert here.hears(2)
        assert there.hears(2)


def test_a_redis_that_died_costs_only_the_pokes_of_other_processes(pair: Pair) -> None:
    with listening(pair.one) as here, listening(pair.other) as there:
        put(pair.one, "a")
        assert here.hears(1)
        assert there.hears(1)
        pair.redis.kill()
        pair.redis.wait()
        put(pair.one, "a")
        assert here.hears(2)
        with redis_server(pair.redis_port):
            # What was missed is told when Redis is back.
            assert there.hears(2)
            put(pair.one, "a")
            assert there.hears(3)


def test_a_redis_that_hangs_delays_no_write_for_long(pair: Pair) -> None:
    with listening(pair.one) as here:
        put(pair.one, "a")
        assert here.hears(1)
        pair.redis.send_signal(signal.SIGSTOP)
        try:
            started = time.monotonic()
            for _ in range(10):
                put(pair.one, "a")
            # Not a measure of speed: ten writes that each waited for Redis' answer would never end.
            assert time.monotonic() - started < 10
            assert here.hears(11)
        finally:
            pair.redis.send_signal(signal.SIGCONT)


def test_four_workers_of_one_server_share_their_pokes(database_url: str, tmp_path: Path) -> None:
    with redis_server() as (address, _):
        settings = {"DATABASE_URL": database_url, "REDIS_URL": address, "WEB_CONCURRENCY": "4"}
        with real_server(tmp_path / "log", settings) as (port, _):
            clients = [listening(port) for _ in range(8)]
            sockets = [client.__enter__() for client in clients]
            put(port, "a")
            assert all(socket.hears(1) for socket in sockets)
            for client in clients:
                client.__exit__(None, None, None)


@pytest.mark.parametrize("direct", [False, True])
def test_several_workers_without_redis_are_refused_in_words(tmp_path: Path, direct: bool) -> None:
    app = "unified_storage_backend"
    gunicorn = ["gunicorn", "-c", f"python:{app}.gunicorn_config", "-w", "2", f"{app}:create_app()"]
    settings = environment(PORT=str(free_port()), **({} if direct else {"WEB_CONCURRENCY": "2"}))
    command = [sys.executable, "-m", *(gunicorn if direct else [app])]
    ended = subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "More than one worker needs REDIS_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
