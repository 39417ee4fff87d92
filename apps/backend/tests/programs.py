"""Programs beside Python that tests need; where this may be done, they are installed."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest


def find_or_install(name: str, package: str, find: Callable[[], Path | None]) -> Path:
    """Skips the test where the program is missing, or fails it where all tests must run."""
    found = find() or _install(package, find)
    if found is None:
        missing = f"There is no `{name}`: install it, or put it on the PATH."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def _install(package: str, find: Callable[[], Path | None]) -> Path | None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    # Tests run in several processes, and apt-get in one at a time.
    with (Path(tempfile.gettempdir()) / "unified-storage-apt-get.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if find() is None:
            for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", package]):
                subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL)
    return find()
