"""A server with logins: who may do what, and what others never see."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from unified_storage_backend.server import server_of
from unified_storage_backend.store import accounts, spaces
from unified_storage_backend.store.garbage import collect_garbage

from .conftest import MakeApp
from .people import PASSWORD, Person, sign_up

pytestmark = pytest.mark.both_engines

WRITES = [
    ("PUT", "/items/YQ", {"value": "2"}),
    ("DELETE", "/items/YQ", None),
    ("POST", "/push", {"epoch": "?", "client": "c", "mutations": []}),
    ("POST", "/transactions", {"epoch": "?", "client": "c", "id": 1, "writes": []}),
]
READS = [
    ("GET", "/items/YQ", None),
    ("GET", "/changes?epoch=x&since=0", None),
    ("GET", "/snapshot", None),
    ("POST", "/read", {"keys": ["a"]}),
    ("POST", "/digest", {"keys": ["a"]}),
    ("GET", "/index", None),
]
OWNERS = [
    ("PUT", "/members/bob", {"role": "owner"}),
    ("DELETE", "/members/ann", None),
    ("POST", "/invitations", {"role": "viewer"}),
    ("DELETE", "", None),
]


def sign_in(app: Flask, user: Any, password: Any) -> Any:
    return app.test_client().post("/v2/session", json={"user": user, "password": password})


def shared_space(owner: Person) -> str:
    made: Any = owner.ask("POST", "/v2/spaces", {"name": "work"}).json
    owner.ask("PUT", f"/v2/spaces/{made['id']}/items/YQ", {"value": "1"}, If_None_Match="*")
    return str(made["id"])


def test_signing_in_and_out(team: Flask, ann: Person) -> None:
    signed_in = sign_in(team, "ann", PASSWORD)
    assert signed_in.status_code == 200
    there = Person(team, "ann", signed_in.json["token"])
    session: Any = there.ask("GET", "/v2/session").json
    assert (session["user"], [space["role"] for space in session["spaces"]]) == ("ann", ["owner"])
    assert there.ask("DELETE", "/v2/session").status_code == 200
    assert there.ask("GET", "/v2/session").status_code == 401
    assert ann.ask("GET", "/v2/session").status_code == 200


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [("ann", "wrong", 401), ("nobody", PASSWORD, 401), ("default", "!", 401), ("ann", "", 401), ("", "", 401),
     ("ann", "x" * 1_000_000, 400), ("ann", None, 400), ("ann", "\ud800", 400), (1, "x", 400), ("a\0", "x", 401)],
)  # fmt: skip
def test_a_wrong_login(team: Flask, ann: Person, user: object, password: object, status: int) -> None:
    assert sign_in(team, user, password).status_code == status


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "x" * 5000, "Bearer \xff"])
@pytest.mark.parametrize("address", ["/v2/session", "/api/storage/keys", "/v2/spaces", "/v2/spaces/default/snapshot"])
def test_a_foreign_token_reads_nothing(team: Flask, ann: Person, address: str, header: str) -> None:
    answer = team.test_client().get(address, headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "UNAUTHORIZED")  # type: ignore[index]


def test_health_needs_no_login(team: Flask) -> None:
    assert team.test_client().get("/health").json["auth"] == "required"  # type: ignore[index]


def test_a_token_expires(team: Flask, ann: Person) -> None:
    with server_of(team).database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE token SET expires_at = 1")
    assert ann.ask("GET", "/v2/session").status_code == 401
    assert server_of(team).database.write(collect_garbage).expired == 1


@pytest.mark.parametrize(("method", "path", "body"), [*WRITES, *READS, *OWNERS, ("GET", "/members", None)])
def test_another_users_space_does_not_exist(ann: Person, bob: Person, method: str, path: str, body: object) -> None:
    space = shared_space(ann)
    answer = bob.ask(method, f"/v2/spaces/{space}{path}", body, If_Match="*")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "NOT_FOUND")  # type: ignore[index]
    assert ann.ask("GET", f"/v2/spaces/{space}/items/YQ").json["value"] == "1"  # type: ignore[index]


def test_the_same_key_of_two_users_is_two_keys(ann: Person, bob: Person) -> None:
    for person in (ann, bob):
        person.ask("PUT", "/api/storage/a", {"value": person.name})
    assert [person.ask("GET", "/api/storage/export").json for person in (ann, bob)] == [{"a": "ann"}, {"a": "bob"}]
    bob.ask("POST", "/api/storage/clear", {})
    assert ann.ask("GET", "/api/storage/keys").json == {"keys": ["a"]}


def test_a_viewer_reads_and_changes_nothing(ann: Person, bob: Person) -> None:
    space = shared_space(ann)
    assert ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": "viewer"}).status_code == 200
    assert bob.ask("GET", f"/v2/spaces/{space}/items/YQ").status_code == 200
    for method, path, body in [*WRITES, *OWNERS]:
        assert bob.ask(method, f"/v2/spaces/{space}{path}", body, If_Match="*").status_code == 403, path
    assert ann.ask("GET", f"/v2/spaces/{space}/items/YQ").json["value"] == "1"  # type: ignore[index]


def test_an_editor_writes_and_does_not_rule(ann: Person, bob: Person) -> None:
    space = shared_space(ann)
    ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": "editor"})
    assert bob.ask("PUT", f"/v2/spaces/{space}/items/YQ", {"value": "2"}, If_Match="*").status_code == 200
    for method, path, body in OWNERS:
        assert bob.ask(method, f"/v2/spaces/{space}{path}", body).status_code == 403, path
    assert bob.ask("DELETE", f"/v2/spaces/{space}/members/bob").status_code == 200
    assert bob.ask("GET", f"/v2/spaces/{space}/items/YQ").status_code == 404


@pytest.mark.parametrize("theirs", ["push", "transactions"])
@pytest.mark.parametrize("ours", ["push", "transactions"])
def test_a_client_id_belongs_to_one_user(ann: Person, bob: Person, ours: str, theirs: str) -> None:
    space = shared_space(ann)
    ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": "editor"})
    epoch = ann.ask("GET", f"/v2/spaces/{space}/snapshot").json["epoch"]  # type: ignore[index]

    def send(person: Person, way: str, number: int) -> int:
        write = {"op": "put", "key": f"{person.name}{number}", "base": 0, "value": "1"}
        numbered = {"mutations": [write | {"id": number}]} if way == "push" else {"id": number, "writes": [write]}
        return person.ask("POST", f"/v2/spaces/{space}/{way}", {"epoch": epoch, "client": "c"} | numbered).status_code

    assert send(ann, ours, 1) == 200
    # Neither what ann sent again, nor what would come next, nor later.
    assert [send(bob, theirs, number) for number in (1, 2, 3)] == [403, 403, 403]
    assert send(ann, ours, 2) == 200
    assert ann.ask("GET", f"/v2/spaces/{space}/index").json["head"] == 3  # type: ignore[index]


def test_a_space_keeps_an_owner(ann: Person, bob: Person) -> None:
    space = shared_space(ann)
    assert ann.ask("DELETE", f"/v2/spaces/{space}/members/ann").status_code == 409
    assert ann.ask("PUT", f"/v2/spaces/{space}/members/ann", {"role": "viewer"}).status_code == 409
    ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": "owner"})
    assert ann.ask("DELETE", f"/v2/spaces/{space}/members/ann").status_code == 200
    assert bob.ask("GET", f"/v2/spaces/{space}/members").json == {"members": [{"user": "bob", "role": "owner"}]}


def test_who_is_not_invited_does_not_learn_who_is_there(team: Flask, ann: Person) -> None:
    wanted = {"invitation": "bogus", "password": PASSWORD}
    answers = [team.test_client().post("/v2/accounts", json=wanted | {"user": name}) for name in ("ann", "free")]
    bodies: list[Any] = [answer.json for answer in answers]
    for body in bodies:
        body["error"].pop("requestId")
    assert answers[0].status_code == answers[1].status_code == 403
    assert bodies[0] == bodies[1]


REQUESTS_WITH_A_PASSWORD = {
    "sign in": ("POST", "/v2/session", {"user": "ann", "password": PASSWORD}, 401),
    "change": ("PUT", "/v2/account/password", {"current": PASSWORD, "password": "a thief's choice"}, 403),
    "delete": ("DELETE", "/v2/account", {"password": PASSWORD}, 403),
}


@pytest.mark.parametrize("name", REQUESTS_WITH_A_PASSWORD)
def test_a_password_that_is_changed_meanwhile_opens_nothing(
    team: Flask, ann: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = accounts.password_matches
    database = server_of(team).database

    def change(connection: Connection) -> None:
        found = accounts.find_account(connection, "ann")
        assert found
        accounts.set_password(connection, found.id, accounts.hash_password("the newest one"), ann.token)

    def matches_and_changes(hashed: str | None, password: str) -> bool:
        try:
            return matches(hashed, password)
        finally:
            database.write(change)

    monkeypatch.setattr(accounts, "password_matches", matches_and_changes)
    method, path, body, status = REQUESTS_WITH_A_PASSWORD[name]
    assert ann.ask(method, path, body).status_code == status
    monkeypatch.setattr(accounts, "password_matches", matches)
    newest = {"user": "ann", "password": "the newest one"}
    assert team.test_client().post("/v2/session", json=newest).status_code == 200


def test_an_invitation_makes_one_user(team: Flask, ann: Person) -> None:
    space = shared_space(ann)
    invited: Any = ann.ask("POST", f"/v2/spaces/{space}/invitations", {"role": "viewer"}).json
    wanted = {"invitation": invited["invitation"], "user": "eve", "password": PASSWORD}
    guest = team.test_client()
    assert guest.post("/v2/accounts", json=wanted | {"password": "short"}).status_code == 400
    assert guest.post("/v2/accounts", json=wanted | {"user": "ann"}).status_code == 409
    assert guest.post("/v2/accounts", json=wanted | {"invitation": "x"}).status_code == 403
    made: Any = guest.post("/v2/accounts", json=wanted)
    eve = Person(team, "eve", made.json["token"])
    roles = {found["name"]: found["role"] for found in eve.ask("GET", "/v2/spaces").json["spaces"]}  # type: ignore[index]
    assert roles == {"eve": "owner", "work": "viewer"}
    assert guest.post("/v2/accounts", json=wanted | {"user": "mallory"}).status_code == 403
    assert sign_in(team, "mallory", PASSWORD).status_code == 401


def test_a_new_password_ends_the_other_sessions(team: Flask, ann: Person) -> None:
    other = Person(team, "ann", sign_in(team, "ann", PASSWORD).json["token"])
    changed = {"current": PASSWORD, "password": "a better password"}
    assert ann.ask("PUT", "/v2/account/password", changed | {"current": "wrong"}).status_code == 403
    assert ann.ask("PUT", "/v2/account/password", changed).status_code == 200
    assert ann.ask("GET", "/v2/session").status_code == 200
    assert other.ask("GET", "/v2/session").status_code == 401
    assert sign_in(team, "ann", PASSWORD).status_code == 401
    assert sign_in(team, "ann", "a better password").status_code == 200


def test_deleting_a_user_takes_what_is_theirs_alone(team: Flask, ann: Person, bob: Person) -> None:
    own, kept = shared_space(ann), shared_space(ann)
    for space, role in ((own, "editor"), (kept, "owner")):
        ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": role})
    assert ann.ask("DELETE", "/v2/account", {"password": "wrong"}).status_code == 403
    assert ann.ask("DELETE", "/v2/account", {"password": PASSWORD}).status_code == 200
    assert ann.ask("GET", "/v2/session").status_code == 401
    assert bob.ask("GET", f"/v2/spaces/{own}/items/YQ").status_code == 404
    assert bob.ask("GET", f"/v2/spaces/{kept}/items/YQ").status_code == 200
    with server_of(team).database.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM item").scalar() == 1


def test_a_cookie_serves_pages_of_the_servers_own_site(team: Flask, ann: Person) -> None:
    browser = team.test_client()
    answer = browser.post("/v2/session", json={"user": "ann", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert browser.get("/v2/session").status_code == 200
    assert browser.put("/api/storage/a", json={"value": 1}).status_code == 403
    own = {"Origin": "http://localhost"}
    assert browser.put("/api/storage/a", json={"value": 1}, headers=own).status_code == 200
    foreign = {"Origin": "http://localhost:5173"}
    assert browser.put("/api/storage/a", json={"value": 2}, headers=foreign).status_code == 403


def test_only_listed_origins_with_logins(make_app: MakeApp) -> None:
    app = make_app(auth="required", allowed_origins=frozenset({"https://app.example"}))
    client = app.test_client()
    listed = client.get("/health", headers={"Origin": "https://app.example"})
    assert listed.headers["Access-Control-Allow-Origin"] == "https://app.example"
    for origin in (
        "https://app.example.evil.example",
        "http://app.example",
        "https://x.app.example",
        "http://localhost:1",
    ):
        assert client.get("/health", headers={"Origin": origin}).status_code == 403


def test_a_thousand_logins_a_minute(make_app: MakeApp) -> None:
    app = make_app(auth="required")
    sign_up(app, "ann")
    statuses = [sign_in(app, "ann", 1).status_code for _ in range(1000)]
    assert statuses == [400] * 10 + [429] * 990
    answer = sign_in(app, "ann", PASSWORD)
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_requests_are_limited_where_asked(make_app: MakeApp) -> None:
    client: FlaskClient = make_app(rate_limit="3 per minute").test_client()
    assert [client.get("/api/storage/keys").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_nobody_takes_a_users_first_space(ann: Person, bob: Person) -> None:
    space = ann.space()["id"]
    ann.ask("PUT", f"/v2/spaces/{space}/members/bob", {"role": "owner"})
    for person in (ann, bob):
        assert person.ask("PUT", f"/v2/spaces/{space}/members/ann", {"role": "viewer"}).status_code == 409
        assert person.ask("DELETE", f"/v2/spaces/{space}/members/ann").status_code == 409
        assert person.ask("DELETE", f"/v2/spaces/{space}").status_code == 409
    assert ann.ask("GET", "/api/storage/keys").json == {"keys": []}
    assert bob.ask("DELETE", f"/v2/spaces/{space}/members/bob").status_code == 200


def test_a_clock_that_is_set_back_changes_no_first_space(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.ask("PUT", "/api/storage/a", {"value": 1})
    monkeypatch.setattr(spaces, "now", lambda: 1)
    ann.ask("POST", "/v2/spaces", {"name": "work"})
    assert ann.ask("GET", "/api/storage/export").json == {"a": 1}
    assert [space["name"] for space in ann.ask("GET", "/v2/spaces").json["spaces"]] == ["ann", "work"]  # type: ignore[index]
