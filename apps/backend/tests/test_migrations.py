"""From every earlier shape of the database to the newest one, with what was in it."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from unified_storage_backend.database import Database
from unified_storage_backend.migrate import ADVISORY_LOCK, alembic_config, migrate, prepare

from .postgres import make_database
from .real_server import real_server
from .sockets import ask

SPACES = {"alone": 100, "shared": 100, "taken": 100, "left": 100}
# Space, account, role, when they joined.
MEMBERS = [
    ("alone", "ann", "owner", 900),
    ("shared", "ann", "owner", 100),
    ("shared", "bob", "owner", 300),
    # Mallory made bob an owner, and became less than that.
    ("taken", "mallory", "viewer", 100),
    ("taken", "bob", "owner", 300),
    # Mallory made bob and a friend owners, and left.
    ("left", "bob", "owner", 300),
    ("left", "ann", "owner", 400),
]


@pytest.mark.both_engines
def test_d5_a_space_of_before_belongs_to_who_surely_made_it(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    if engine == "postgresql":
        url = make_database(request.getfixturevalue("postgres_address"), "old", "template1")
    database = Database(url)
    database.write(fill)
    migrate(database)
    made = database.read(lambda connection: connection.execute(text("SELECT id, creator FROM space")).all())
    database.close()
    assert {row.id: row.creator for row in made} == {"alone": "ann", "shared": "ann", "taken": None, "left": None}


@pytest.mark.both_engines
def test_four_servers_at_once_make_one_database(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    if engine == "postgresql":
        url = make_database(request.getfixturevalue("postgres_address"), "empty", "template1")
    settings = {"DATABASE_URL": url}
    with ExitStack() as servers, ThreadPoolExecutor(4) as pool:
        starting = [real_server(tmp_path / f"{number}.log", settings) for number in range(4)]
        ports = [port for port, _ in pool.map(servers.enter_context, starting)]
        spaces = [ask(port, "GET", "/v2/session")[1]["spaces"] for port in ports]
    assert spaces == spaces[:1] * 4
    assert len(spaces[0]) == 1


def test_who_waited_for_another_to_migrate_sees_what_that_did(postgres_address: str) -> None:
    url = make_database(postgres_address, uuid.uuid4().hex, "template1")
    holder, servers = Database(url), [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool, holder.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
        waiting = [pool.submit(prepare, server) for server in servers]
        time.sleep(1)
        assert not any(one.done() for one in waiting)
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": ADVISORY_LOCK})
        for one in waiting:
            one.result()
    for database in (holder, *servers):
        database.close()


def fill(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    for user in ("ann", "bob", "mallory"):
        connection.execute(text("INSERT INTO account VALUES (:user, :user, '!', 1)"), {"user": user})
    for name, created in SPACES.items():
        values = {"id": name, "created": created}
        connection.execute(text("INSERT INTO space VALUES (:id, :id, 'e', 0, 0, :created)"), values)
    for member in MEMBERS:
        values = dict(zip(("space", "account", "role", "joined"), member, strict=True))
        connection.execute(text("INSERT INTO member VALUES (:space, :account, :role, :joined)"), values)
