"""What is said after a commit is said after the commit, once, and only where something was written."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete, select

from unified_storage_backend.live.poke import Poke
from unified_storage_backend.server import server_of
from unified_storage_backend.store.accounts import create_token, find_account, hash_of_secret
from unified_storage_backend.store.listening import PORTION, Listener, still_allowed
from unified_storage_backend.store.writer import SpaceWriter
from unified_storage_backend.tables import space, token

from .people import Person

pytestmark = pytest.mark.both_engines

SPACE = "/v2/spaces/default"
WRITE = {"op": "put", "key": "b", "base": 0, "value": "1"}


@pytest.fixture
def pokes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Poke]:
    """Every poke, which another connection to the database must already find to be true."""
    said: list[Poke] = []
    server = server_of(app)

    def head(connection: Connection) -> Any:
        return connection.scalar(select(space.c.head))

    def announce(poke: Poke) -> None:
        assert server.database.read(head) == poke.head
        said.append(poke)

    monkeypatch.setattr(server.pokes, "announce", announce)
    return said


@pytest.mark.parametrize(
    ("request_", "revisions"),
    [
        (("PUT", "/api/storage/b", {"value": 1}), 1),
        (("DELETE", "/api/storage/a", None), 1),
        (("POST", "/api/storage/import", {"b": 1, "c": 2}), 2),
        (("POST", "/api/storage/clear", {}), 1),
        (("PUT", f"{SPACE}/items/YQ", {"value": "2"}), 1),
        (("DELETE", f"{SPACE}/items/YQ", None), 1),
        (("POST", f"{SPACE}/push", {"mutations": [WRITE | {"id": 1}]}), 1),
        (("POST", f"{SPACE}/transactions", {"id": 1, "writes": [{"op": "clear"}, WRITE]}), 2),
        # What writes nothing says nothing.
        (("POST", f"{SPACE}/push", {"mutations": [WRITE | {"id": 1, "base": 7}]}), 0),
        (("POST", f"{SPACE}/transactions", {"id": 1, "writes": [WRITE, WRITE | {"key": "c", "base": 7}]}), 0),
        (("POST", f"{SPACE}/read", {"keys": ["a"]}), 0),
        (("POST", f"{SPACE}/digest", {"keys": ["a"]}), 0),
    ],
)
def test_a_poke_comes_after_the_commit(
    client: FlaskClient, pokes: list[Poke], request_: tuple[str, str, Any], revisions: int
) -> None:
    method, address, body = request_
    client.put("/api/storage/a", json={"value": 1})
    pokes.clear()
    session: Any = client.get("/v2/session").json["spaces"][0]  # type: ignore[index]
    if body and ("mutations" in body or "writes" in body):
        body = body | {"epoch": session["epoch"], "client": "c"}
    answer = client.open(address, method=method, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    expected = Poke(session["id"], session["epoch"], 1 + revisions)
    assert pokes == ([expected] if revisions else [])


def test_a_commit_that_fails_is_not_announced(
    client: FlaskClient, pokes: list[Poke], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_writer: SpaceWriter) -> None:
        raise RuntimeError("The disk is gone.")

    monkeypatch.setattr(SpaceWriter, "finish", fail)
    assert client.put("/api/storage/a", json={"value": 1}).status_code == 500
    assert pokes == []


def test_more_listeners_than_a_statement_holds(ann: Person) -> None:
    place = ann.space()["id"]

    def sign_in_often(connection: Connection) -> list[Listener]:
        account = find_account(connection, ann.name)
        assert account
        made = [create_token(connection, account.id, "token", "test", 1) for _ in range(PORTION + 100)]
        return [Listener(account.id, hash_of_secret(new.secret), place) for new in made]

    database = server_of(ann.app).database
    listeners = database.write(sign_in_often)
    revoked = set(listeners[::7]) | {listeners[-1]}
    gone = [listener.token for listener in revoked]
    database.write(lambda connection: connection.execute(delete(token).where(token.c.hash.in_(gone))))
    strangers = {Listener(listener.account, listener.token, "another") for listener in listeners}
    found = database.read(lambda connection: still_allowed(connection, {*listeners, *strangers}))
    assert found == set(listeners) - revoked
