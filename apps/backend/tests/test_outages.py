"""A database that is full, locked or gone: what cannot be written is refused, what was there stays, and all goes on."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from unified_storage_backend import create_app, database
from unified_storage_backend import postgres as postgres_module
from unified_storage_backend.config import Config
from unified_storage_backend.server import server_of

from .conftest import MakeApp
from .postgres import postgres
from .test_crashes import children

LARGE = "x" * 1_000_000


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """SQLite answers SQLITE_FULL at the size that the file has now, as it does when the disk has no more room."""
    engine = server_of(app).database.engine

    def stop_growing(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1").close()

    engine.dispose()
    event.listen(engine, "connect", stop_growing)
    yield
    event.remove(engine, "connect", stop_growing)
    engine.dispose()


def state(client: FlaskClient) -> Any:
    return client.get("/v2/session").json, client.get("/v2/spaces/default/snapshot").json


def requests(epoch: str) -> dict[str, dict[str, Any]]:
    mutation = {"id": 1, "op": "put", "key": "a", "base": 1, "value": f'"{LARGE}"'}
    push = {"epoch": epoch, "client": "c", "mutations": [mutation]}
    return {
        "put": {"method": "PUT", "path": "/api/storage/a", "json": {"value": LARGE}},
        "import": {"method": "POST", "path": "/api/storage/import", "json": {"a": 1, "b": LARGE}},
        "item": {
            "method": "PUT",
            "path": "/v2/spaces/default/items/YQ",
            "json": {"value": f'"{LARGE}"'},
            "headers": {"If-Match": "*"},
        },
        "push": {"method": "POST", "path": "/v2/spaces/default/push", "json": push},
    }


def assert_outage(answer: Any) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json["error"].keys() == {"code", "message", "requestId"}
    assert answer.json["error"]["code"] == "UNAVAILABLE"


@pytest.mark.parametrize("name", ["put", "import", "item", "push"])
def test_what_does_not_fit_changes_nothing(app: Flask, client: FlaskClient, name: str) -> None:
    client.put("/api/storage/a", json={"value": "old"})
    before: Any = state(client)
    request = requests(before[0]["spaces"][0]["epoch"])[name]
    with full_disk(app):
        assert_outage(client.open(**request))
        assert state(client) == before
    again: Any = client.open(**request)
    assert again.status_code == 200
    if name == "push":
        assert again.json["results"] == [{"id": 1, "status": "applied", "rev": 2}]
    assert state(client) != before


def test_a_locked_database_is_refused_in_bounded_time(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    app = make_app()
    client = app.test_client()
    with server_of(app).database.engine.connect().execution_options(write=True) as other, other.begin():
        assert_outage(client.put("/api/storage/a", json={"value": 1}))
        assert client.get("/api/storage/keys").json == {"keys": []}
    assert client.put("/api/storage/a", json={"value": 1}).status_code == 200


def test_a_server_that_hangs_or_is_gone_is_an_outage_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_module, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(postgres_module, "CONNECT_SECONDS", 2)
    with postgres() as address:
        app = create_app(Config(database_url=address.replace("/?", "/postgres?")))
        client = app.test_client()
        assert client.put("/api/storage/a", json={"value": 1}).status_code == 200
        for sent, later in ((signal.SIGSTOP, signal.SIGCONT), (signal.SIGKILL, None)):
            processes = processes_of(address)
            for process in processes:
                os.kill(process, sent)
            answers = [client.put("/api/storage/a", json={"value": 2}) for _ in range(2)]
            assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(503, "2")}
            assert client.get("/health").status_code == 200
            if later:
                for process in processes:
                    os.kill(process, later)
                assert client.put("/api/storage/a", json={"value": 3}).status_code == 200
        server_of(app).database.close()


def processes_of(address: str) -> list[int]:
    """The server with those that serve one connection each."""
    folder = address.partition("host=")[2]
    first = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
    return [first, *children(first)]
