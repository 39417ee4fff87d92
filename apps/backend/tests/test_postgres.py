"""What only PostgreSQL does: it asks for a transaction again when two of them would disagree (40001)."""

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from unified_storage_backend.database import Database
from unified_storage_backend.server import server_of
from unified_storage_backend.tables import space

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def test_a_serialization_failure_is_retried(app: Flask) -> None:
    database, runs = server_of(app).database, []
    rival = Database(server_of(app).config.database_url)

    def raise_head(connection: Connection) -> None:
        head = connection.scalar(select(space.c.head))
        runs.append(head)
        if len(runs) == 1:
            # Another process commits between our read and our write.
            rival.write(lambda other: other.execute(text("UPDATE space SET head = head + 1")))
        connection.execute(text("UPDATE space SET head = :head"), {"head": (head or 0) + 1})

    database.write(raise_head)
    rival.close()
    assert runs == [0, 1]
    assert database.read(lambda connection: connection.scalar(select(space.c.head))) == 2


def test_another_failure_is_not_retried(app: Flask) -> None:
    runs = []

    def fail(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        server_of(app).database.write(fail)
    assert len(runs) == 1
