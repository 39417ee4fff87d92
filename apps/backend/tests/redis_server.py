"""A real Redis for the tests, on a port of its own, with nothing on the disk."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis import Redis
from redis.exceptions import RedisError

from .real_server import free_port

START_SECONDS = 30


@contextmanager
def redis_server(port: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts a Redis and gives its address and its process."""
    port = port or free_port()
    settings = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([_binary(), *settings], stdout=subprocess.DEVNULL)
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


def _binary() -> str:
    found = shutil.which("redis-server")
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "redis-server"]):
            subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL)
        found = shutil.which("redis-server")
    if found is None:
        missing = "There is no Redis: install it, or put its `redis-server` on the PATH."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
