"""Live pokes of a real server: who may listen, what is heard, and what ends a connection."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, update

from unified_storage_backend import create_app
from unified_storage_backend.config import Config
from unified_storage_backend.live import websocket
from unified_storage_backend.live.websocket import FRAMES
from unified_storage_backend.server import server_of
from unified_storage_backend.store.accounts import find_account
from unified_storage_backend.tables import member, token

from .people import Person, sign_up
from .real_server import real_server
from .sockets import ADDRESS, HANDSHAKE, Socket, ask, listening, put, until


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server without logins."""
    folder = tmp_path_factory.mktemp("local")
    with real_server(folder / "log", {"DATABASE_URL": f"sqlite:///{folder}/storage.db"}) as (port, _):
        yield port


@pytest.fixture(scope="module")
def team_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The database of the server with logins, for changing it behind the server's back."""
    url = f"sqlite:///{tmp_path_factory.mktemp('team')}/storage.db"
    app = create_app(Config(database_url=url, auth="required"))
    yield app
    server_of(app).database.close()


@pytest.fixture(scope="module")
def team_port(team_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server with logins."""
    url = server_of(team_app).config.database_url
    settings = {"DATABASE_URL": url, "AUTH_MODE": "required", "SOCKET_CHECK_SECONDS": "1", "RATE_LIMIT": ""}
    with real_server(tmp_path_factory.mktemp("team") / "log", settings) as (port, _):
        yield port


@pytest.fixture
def carl(team_app: Flask) -> Person:
    return sign_up(team_app, uuid.uuid4().hex)


@pytest.fixture
def dora(team_app: Flask) -> Person:
    return sign_up(team_app, uuid.uuid4().hex)


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


def head_of(port: int) -> Any:
    return ask(port, "GET", "/v2/session")[1]["spaces"][0]


def test_a_commit_pokes_who_listens(port: int) -> None:
    space = head_of(port)
    head = space["head"] + 1
    with listening(port) as one, listening(port, space="default") as other:
        put(port, "a")
        said = {"space": space["id"], "epoch": space["epoch"], "head": head}
        assert (one.poke(), other.poke()) == (said, said)
        mutation = {"id": 1, "op": "delete", "key": "a", "base": head}
        push = {"epoch": space["epoch"], "client": "c", "mutations": [mutation]}
        assert ask(port, "POST", "/v2/spaces/default/push", push)[0] == 200
        assert one.poke()["head"] == head + 1


def test_what_wrote_nothing_pokes_nobody(port: int) -> None:
    with listening(port) as socket:
        head = head_of(port)["head"]
        assert ask(port, "DELETE", "/api/storage/absent")[0] == 404
        put(port, "a")
        assert socket.poke()["head"] == head + 1
        assert ask(port, "DELETE", "/v2/spaces/default/items/YQ", If_Match="*")[0] == 200
        assert socket.poke()["head"] == head + 2
        assert ask(port, "DELETE", "/v2/spaces/default/items/YQ", If_Match="*")[0] == 412
        assert socket.receive(0.5) is None


@pytest.mark.parametrize(
    ("headers", "path", "status", "code"),
    [
        ({"Origin": "https://evil.example"}, ADDRESS, 403, "ORIGIN_NOT_ALLOWED"),
        ({"Origin": "null"}, ADDRESS, 403, "ORIGIN_NOT_ALLOWED"),
        ({"Origin": "http://localhost.evil.example"}, ADDRESS, 403, "ORIGIN_NOT_ALLOWED"),
        ({"Host": "evil.example"}, ADDRESS, 403, "HOST_NOT_ALLOWED"),
        ({"Upgrade": "h2c"}, ADDRESS, 426, "UPGRADE_REQUIRED"),
        ({"Sec-WebSocket-Version": "12"}, ADDRESS, 426, "UPGRADE_REQUIRED"),
        ({"Sec-WebSocket-Key": "short"}, ADDRESS, 426, "UPGRADE_REQUIRED"),
        ({}, "/socket.io/?EIO=4&transport=polling", 400, "BAD_REQUEST"),
        ({}, "/socket.io/?EIO=3&transport=websocket", 400, "BAD_REQUEST"),
        ({}, "/socket.io/?EIO=4&transport=websocket&sid=x", 400, "BAD_REQUEST"),
        ({}, "/socket.io/x?EIO=4&transport=websocket", 404, "NOT_FOUND"),
    ],
)
def test_a_wrong_origin_or_handshake_of_a_socket_is_refused(
    port: int, headers: dict[str, str], path: str, status: int, code: str
) -> None:
    answer, body = ask(port, "GET", path, **{**HANDSHAKE, **headers})
    assert (answer, body["error"]["code"]) == (status, code)


def test_pages_of_this_machine_may_listen(port: int) -> None:
    socket = Socket(port, Origin="http://localhost:3000")
    assert socket.sign_in().startswith("40{")
    socket.close()


def test_a_wrong_token_ends_the_connection_at_once(team_port: int) -> None:
    socket = Socket(team_port)
    assert str(socket.sign_in(token="wrong")).startswith("44{")
    assert socket.ending() == 1000


def test_a_client_hears_of_its_own_space_only(team_port: int, carl: Person, dora: Person) -> None:
    with listening(team_port, token=carl.token) as ours, listening(team_port, token=dora.token) as theirs:
        put(team_port, "a", **bearer(carl))
        assert ours.poke()["space"] == carl.space()["id"]
        assert theirs.receive(0.5) is None
        put(team_port, "a", **bearer(dora))
        assert theirs.poke()["space"] == dora.space()["id"]


def test_who_may_not_listen_is_told_why(team_port: int, carl: Person, dora: Person) -> None:
    expired = sign_up(carl.app, uuid.uuid4().hex)
    change(carl, update(token).where(token.c.account == account(expired)).values(expires_at=1))
    refused: list[tuple[dict[str, Any], str]] = [
        ({}, "UNAUTHORIZED"),
        ({"token": "wrong"}, "UNAUTHORIZED"),
        ({"token": ""}, "UNAUTHORIZED"),
        ({"token": 1}, "BAD_REQUEST"),
        ({"token": expired.token}, "UNAUTHORIZED"),
        ({"token": dora.token, "space": carl.space()["id"]}, "NOT_FOUND"),
        ({"token": dora.token, "space": "a\0"}, "NOT_FOUND"),
        ({"token": dora.token, "space": ["default"]}, "BAD_REQUEST"),
        ({"token": "\ud800"}, "BAD_REQUEST"),
        ({"token": dora.token, "space": "a\udc00"}, "BAD_REQUEST"),
    ]
    for auth, code in refused:
        socket = Socket(team_port)
        answer = str(socket.sign_in(**auth))
        assert answer.startswith("44{"), answer
        assert f'"code":"{code}"' in answer
        socket.ending()


def test_a_token_may_come_with_the_handshake(team_port: int, carl: Person) -> None:
    for headers in (bearer(carl), {"Cookie": f"unified_storage_session={carl.token}"}):
        socket = Socket(team_port, **headers)
        assert socket.sign_in().startswith("40{")
        socket.close()


def test_who_leaves_a_space_stops_listening(team_port: int, carl: Person, dora: Person) -> None:
    space = carl.space()["id"]
    assert carl.ask("PUT", f"/v2/spaces/{space}/members/{dora.name}", {"role": "viewer"}).status_code == 200
    with listening(team_port, token=dora.token, space=space) as socket, listening(team_port, token=carl.token) as stays:
        put(team_port, "a", **bearer(carl))
        assert (socket.poke()["head"], stays.poke()["head"]) == (1, 1)
        change(carl, delete(member).where(member.c.space == space, member.c.account == account(dora)))
        assert socket.ending() == 1008
        put(team_port, "a", **bearer(carl))
        assert stays.poke()["head"] == 2


def test_a_revoked_token_stops_listening(team_port: int, carl: Person) -> None:
    with listening(team_port, token=carl.token) as socket:
        assert ask(team_port, "DELETE", "/v2/session", **bearer(carl))[0] == 200
        assert socket.ending() == 1008


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('42["poke",{}]', 1008),
        ('42["join","x"]', 1008),
        ("40/other,", 1008),
        ("40", 1008),
        ("3", 1008),
        ("2", 1008),
        ("", 1008),
        ("x" * 1025, 1009),
        ("x" * 2_000_000, 1009),
        (b"binary", 1003),
    ],
)
def test_what_a_client_may_not_say_ends_its_connection(port: int, said: str | bytes, code: int) -> None:
    with listening(port) as socket, listening(port) as other:
        # Where much is unread, the end may come before all is said, and without a code.
        with suppress(OSError):
            socket.say(said)
        assert socket.ending() in ({code} if len(said) < 2000 else {code, 1006})
        put(port, "a")
        assert other.poke()["head"] == head_of(port)["head"]


def test_too_many_frames_end_a_connection(port: int) -> None:
    """Pings are answered, but only so many."""
    with listening(port) as socket:
        socket.ping(FRAMES // 2)
        put(port, "a")
        assert socket.poke()["head"] == head_of(port)["head"]
        assert socket.pongs == FRAMES // 2
        socket.ping(FRAMES)
        assert socket.ending() == 1008
        assert socket.pongs < FRAMES * 1.5


def test_who_does_not_answer_a_ping_is_not_waited_for(
    app: Flask, port_of_flask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "PING_SECONDS", 0.5)
    monkeypatch.setattr(websocket, "PONG_SECONDS", 0.5)
    with listening(port_of_flask) as answers, listening(port_of_flask) as silent:
        for _ in range(3):
            assert answers.receive() == "2"
            answers.say("3")
        assert silent.ending() == 1008
        put(port_of_flask, "a")
        until(lambda: answers.receive() != "2")


@pytest.mark.parametrize("said", ["40{", '40{"token":', "40[", "40" + "[" * 900, "4"])
def test_a_first_message_that_is_none_ends_the_connection(port: int, said: str) -> None:
    socket = Socket(port)
    socket.say(said)
    assert socket.ending() in {1000, 1006, 1008}
    with listening(port) as other:
        put(port, "a")
        assert other.poke()["head"] == head_of(port)["head"]


def test_who_says_nothing_is_not_waited_for(port: int) -> None:
    assert Socket(port).ending() == 1008


def test_too_many_sockets_are_refused(database_url: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": database_url, "MAX_SOCKETS": "2"}
    with real_server(tmp_path / "log", settings) as (port, _), listening(port), listening(port):
        status, body = ask(port, "GET", ADDRESS, **HANDSHAKE)
        assert (status, body["error"]["code"]) == (503, "UNAVAILABLE")
        put(port, "a")


def test_six_hundred_sockets_all_hear_of_a_commit(database_url: str, tmp_path: Path) -> None:
    with real_server(tmp_path / "log", {"DATABASE_URL": database_url}) as (port, _), ExitStack() as open_:
        sockets = [open_.enter_context(listening(port)) for _ in range(600)]
        put(port, "a")
        assert {socket.poke()["head"] for socket in sockets} == {1}
        text = ask(port, "GET", "/metrics")[1]
        assert "unified_storage_sockets 600.0" in text


def account(person: Person) -> str:
    def find(connection: Connection) -> str:
        found = find_account(connection, person.name)
        assert found
        return found.id

    return server_of(person.app).database.read(find)


def change(person: Person, statement: Any) -> None:
    """Changes the database behind the server's back, as another process would."""
    server_of(person.app).database.write(lambda connection: connection.execute(statement))
