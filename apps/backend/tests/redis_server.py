"""A real Redis for the tests, on a port of its own, with nothing on the disk."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from .programs import find_or_install
from .real_server import free_port

START_SECONDS = 30


@contextmanager
def redis_server(port: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts a Redis and gives its address and its process."""
    program = find_or_install("redis-server", "redis-server", _find)
    port = port or free_port()
    settings = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *settings], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.kill()
        server.wait()


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Redis(port=port) as redis:
        while True:
            try:
                redis.ping()
            except RedisError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


def _find() -> Path | None:
    found = shutil.which("redis-server")
    return Path(found) if found else None
