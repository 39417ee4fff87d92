"""A real PostgreSQL for the tests, in a folder of its own, reached through a socket there."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from .programs import find_or_install

START_SECONDS = 60


@contextmanager
def postgres() -> Iterator[str]:
    """Starts a server and gives the address of its databases, to which a name is added."""
    program = find_or_install("postgres", "postgresql", _find)
    folder = Path(tempfile.mkdtemp(prefix="us-postgres-"))
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    initdb = program.with_name("initdb")
    new = ("-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
    subprocess.run([initdb, *new], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # Hundreds of databases are made; none has to survive, so nothing is brought to the disk for its own sake.
    wanted = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_wal_size=16GB", "log_min_messages=panic")
    settings = [part for setting in wanted for part in ("-c", setting)]
    server = subprocess.Popen(
        [program, "-D", data, "-k", folder, *settings], user=user, cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        _wait(_address(folder, "postgres"))
        yield _address(folder, "")
    finally:
        # "Immediate": it waits for no connection, and writes no checkpoint of what is removed next.
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder)


def make_database(address: str, name: str, template: str) -> str:
    """A fresh database, made as a copy of another."""
    engine = create_engine(address.replace("/?", "/postgres?"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return address.replace("/?", f"/{name}?")


def _address(folder: Path, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


def _wait(address: str) -> None:
    engine = create_engine(address)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            engine.dispose()
            return


def _find() -> Path | None:
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve()
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return debian[-1] if debian else None
