"""The engine and its transactions: SQLite for one machine, PostgreSQL and its relatives for many."""

import random
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from .config import sqlite_path

Answer = TypeVar("Answer")

BUSY_MILLISECONDS = 10_000
# Serialization failure and deadlock: the database asks for the whole transaction again.
RETRIED_STATES = frozenset({"40001", "40P01"})
RETRY_SECONDS = 10.0


class Database:
    """Runs work in transactions. Work may run more than once, so it does nothing but SQL."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _server_engine(url)
        self._writer = self.engine.execution_options(write=True)

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """One consistent view of the data."""
        return _with_retries(self.engine, work)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """One transaction, committed to the disk when this returns."""
        return _with_retries(self._writer, work)

    def close(self) -> None:
        self.engine.dispose()


def _with_retries(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    deadline = time.monotonic() + RETRY_SECONDS
    pause = 0.002
    while True:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED_STATES or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads out the retries
        pause = min(pause * 2, 0.2)


def _server_engine(url: str) -> Engine:
    return create_engine(url, isolation_level="SERIALIZABLE", pool_pre_ping=True, pool_size=10, pool_recycle=1800)


def _sqlite_engine(url: str) -> Engine:
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "do_connect", _connect_arguments)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _connect_arguments(_dialect: Dialect, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
    # The driver opens no transactions of its own; `_begin` decides which kind.
    parameters["isolation_level"] = None
    parameters["timeout"] = BUSY_MILLISECONDS / 1000


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # FULL, because an acknowledged write must survive a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a read lock that is upgraded later can fail in the middle.
    immediate = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
