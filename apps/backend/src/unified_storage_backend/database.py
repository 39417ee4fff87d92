"""The engine and its transactions: SQLite for one machine, PostgreSQL and its relatives for many."""

import itertools
import random
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from .config import sqlite_path
from .postgres import postgres_engine

Answer = TypeVar("Answer")

BUSY_MILLISECONDS = 10_000
# Serialization failure and deadlock: the database asks for the whole transaction again.
RETRIED_STATES = frozenset({"40001", "40P01"})
RETRY_SECONDS = 10.0
# Two transactions that each saw a name free: the second has to look again, but may also just be wrong.
UNIQUE_VIOLATION = "23505"
UNIQUE_RETRIES = 3


class Database:
    """Runs work in transactions. Work may run more than once, so it does nothing but SQL."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else postgres_engine(url)
        self._writer = self.engine.execution_options(write=True)
        loose = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
        self._sweeper = self._writer.execution_options(**loose)

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """One consistent view of the data."""
        return _with_retries(self.engine, work)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """One transaction, committed to the disk when this returns."""
        return _with_retries(self._writer, work)

    def sweep(self, work: Callable[[Connection], Answer]) -> Answer:
        """One transaction that looks through everything and stops nobody; right, whatever others write meanwhile."""
        return _with_retries(self._sweeper, work)

    def close(self) -> None:
        self.engine.dispose()


def _with_retries(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    deadline = time.monotonic() + RETRY_SECONDS
    for run in itertools.count():
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            again = state in RETRIED_STATES or (state == UNIQUE_VIOLATION and run < UNIQUE_RETRIES)
            if not again or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0, min(0.002 * 2 ** min(run, 10), 0.2)))  # noqa: S311 - spreads out the retries
    raise AssertionError("unreachable")


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
