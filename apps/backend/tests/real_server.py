"""The server as people run it: gunicorn in a process of its own, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"
COMMAND = ("-m", "unified_storage_backend")
START_SECONDS = 120


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT")}
    return kept | {"PYTHONPATH": f"{SOURCES}{os.pathsep}{SOURCES.parent}"} | settings


@contextmanager
def real_server(
    log: Path, settings: dict[str, str], port: int | None = None, command: Sequence[str] = COMMAND
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Starts a server, waits until it is healthy, and stops it at the end."""
    port = port or free_port()
    with log.open("ab") as output:
        env = environment(PORT=str(port), **settings)
        # A group of its own, so that a test can kill the workers with their master.
        server = subprocess.Popen(
            [sys.executable, *command], env=env, cwd=log.parent, stderr=output, start_new_session=True
        )
    try:
        _wait(port, server, log)
        yield port, server
    finally:
        server.terminate()
        server.wait()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start: {log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
