"""What only PostgreSQL does: it asks for a transaction again when two of them would disagree."""

from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from unified_storage_backend.database import UNIQUE_RETRIES, Database
from unified_storage_backend.server import server_of
from unified_storage_backend.store.accounts import LOCAL_USER, create_account, find_account
from unified_storage_backend.store.spaces import create_space
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


def test_two_that_only_together_are_wrong_are_noticed_at_the_commit(app: Flask) -> None:
    database = server_of(app).database
    ends: list[int] = []
    rival = Database(server_of(app).config.database_url)
    database.write(lambda connection: create_space(connection, account_in_none(connection), "other"))
    ids = database.read(lambda connection: list(connection.scalars(select(space.c.id))))
    together = text("SELECT sum(head) FROM space")

    def take_turns(connection: Connection) -> None:
        total = connection.scalar(together)
        if not ends:
            # Each reads both and writes one, so neither waits for the other.
            with rival.engine.begin() as other:
                other.scalar(together)
                connection.execute(update(space).where(space.c.id == ids[0]).values(head=total + 1))
                other.execute(update(space).where(space.c.id == ids[1]).values(head=total + 1))
        else:
            connection.execute(update(space).where(space.c.id == ids[0]).values(head=total + 1))
        ends.append(total)

    database.write(take_turns)
    rival.close()
    # The first run got to its end, so it was the commit that failed.
    assert ends == [0, 1]
    numbers = str(app.test_client().get("/metrics").text)
    assert "unified_storage_serialization_failures_total 1.0" in numbers


def test_a_name_that_another_took_in_between_is_looked_up_again(app: Flask) -> None:
    database, runs = server_of(app).database, []
    rival = Database(server_of(app).config.database_url)

    def take(connection: Connection) -> bool:
        runs.append(1)
        if find_account(connection, "ann"):
            return False
        if len(runs) == 1:
            rival.write(lambda other: create_account(other, "ann", "!"))
        create_account(connection, "ann", "!")
        return True

    assert database.write(take) is False
    rival.close()
    assert len(runs) == 2


def test_a_value_that_is_there_twice_ends_in_bounded_time(app: Flask) -> None:
    runs = []

    def fail(connection: Connection) -> None:
        runs.append(1)
        create_account(connection, LOCAL_USER, "!")

    with pytest.raises(IntegrityError):
        server_of(app).database.write(fail)
    assert len(runs) == 1 + UNIQUE_RETRIES


def test_more_work_than_connections_is_an_outage_that_passes(app: Flask) -> None:
    engine = server_of(app).database.engine
    engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    with ExitStack() as taken:
        for _ in range(20):
            taken.enter_context(engine.connect())
        answer = app.test_client().get("/api/storage/keys")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert app.test_client().get("/api/storage/keys").status_code == 200


def account_in_none(connection: Connection) -> str:
    found = find_account(connection, LOCAL_USER)
    assert found
    return found.id


def test_another_failure_is_not_retried(app: Flask) -> None:
    runs = []

    def fail(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        server_of(app).database.write(fail)
    assert len(runs) == 1
