"""Brings a database to the newest shape; a migration adds and never drops."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from .database import Database
from .store.accounts import ensure_local_account

# Any number, as long as every process of this server takes the same one.
ADVISORY_LOCK = 5001_0001


class NewerDatabase(RuntimeError):
    """The database was written by a newer version of the server."""


def prepare(database: Database) -> None:
    """The newest shape, with the one user of a server without logins in it. Raises NewerDatabase."""
    with _one_at_a_time(database):
        database.write(_upgrade)
        database.write(ensure_local_account)


def migrate(database: Database) -> None:
    """Creates what is missing, in one transaction. Raises NewerDatabase."""
    with _one_at_a_time(database):
        database.write(_upgrade)


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    """
    Several processes start at once: one migrates, the others find it done. On PostgreSQL that takes a lock outside the
    transaction: one that waits inside has seen the database before, and would see nothing of what the other did.
    """
    if database.engine.dialect.name != "postgresql":
        yield
        return
    lock = {"lock": ADVISORY_LOCK}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), lock):
            time.sleep(0.05)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise NewerDatabase("This database was written by a newer version of the server; start that version.")
    if current != script.get_current_head():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alembic_config() -> AlembicConfig:
    """What Alembic has to know; `attributes["connection"]` is for the caller to set."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
