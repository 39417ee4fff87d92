"""A plain HTML form, a page of another origin and a foreign token read and change nothing, at any address there is."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from unified_storage_backend import create_app
from unified_storage_backend.config import Config
from unified_storage_backend.describe import description_of
from unified_storage_backend.server import server_of
from unified_storage_backend.tables import metadata

from .conftest import MakeApp
from .people import PASSWORD, Person, sign_up

SECRET = "what only ann may see"
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", None]
SPACE = "/v2/spaces/<space_id>"
KEY = "/api/storage/<storage_key:key>"
MUTATION = {"id": 1, "op": "put", "key": "b", "base": 0, "value": "1"}
PUSH = {"epoch": "<epoch>", "client": "c"}
# A right request for every address: what is refused must be refused for who asks, and not for what is asked.
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v2/session"): {"user": "ann", "password": PASSWORD},
    ("POST", "/v2/accounts"): {"invitation": "<invitation>", "user": "eve", "password": PASSWORD},
    ("PUT", "/v2/account/password"): {"current": PASSWORD, "password": "battery staple"},
    ("DELETE", "/v2/account"): {"password": PASSWORD},
    ("DELETE", "/v2/session"): None,
    ("POST", "/v2/spaces"): {"name": "another"},
    ("POST", "/v2/storages"): {"name": "another"},
    ("DELETE", SPACE): None,
    ("PUT", f"{SPACE}/members/<user>"): {"role": "editor"},
    ("DELETE", f"{SPACE}/members/<user>"): None,
    ("POST", f"{SPACE}/invitations"): {"role": "viewer"},
    ("PUT", f"{SPACE}/items/<key>"): {"value": "1"},
    ("DELETE", f"{SPACE}/items/<key>"): None,
    ("POST", f"{SPACE}/push"): PUSH | {"mutations": [MUTATION]},
    ("POST", f"{SPACE}/transactions"): PUSH | {"id": 1, "writes": [{"op": "put", "key": "b", "value": "1"}]},
    ("POST", f"{SPACE}/read"): {"keys": ["a"]},
    ("POST", f"{SPACE}/digest"): {"keys": ["a"]},
    ("POST", "/api/storage/clear"): {},
    ("POST", "/api/storage/import"): {"b": 1},
    ("PUT", KEY): {"value": 1},
    ("POST", KEY): {"value": 1},
    ("DELETE", KEY): None,
}
QUERIES = {f"{SPACE}/changes": "?epoch=<epoch>&since=0", "/socket.io/": "?EIO=4&transport=websocket"}


class World:
    """Ann, her first space, one that she shares with dora, and what a right request of hers looks like."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ann = sign_up(app, "ann")
        sign_up(app, "dora")
        space: Any = self.ann.ask("POST", "/v2/spaces", {"name": "work"}).json
        self.ann.ask("PUT", f"/v2/spaces/{space['id']}/members/dora", {"role": "viewer"})
        invitation: Any = self.ann.ask("POST", f"/v2/spaces/{space['id']}/invitations", {"role": "viewer"}).json
        for place in ("default", space["id"]):
            self.ann.ask("PUT", f"/v2/spaces/{place}/items/YQ", {"value": json.dumps(SECRET)}, If_None_Match="*")
        self._words = {"<epoch>": space["epoch"], "<invitation>": invitation["invitation"], "<space_id>": space["id"]}
        self._words |= {"<user>": "dora", KEY: "/api/storage/a", "<key>": "YQ"}

    def request(self, method: str, address: str) -> dict[str, Any]:
        body = BODIES.get((method, address))
        data = None if body is None else self._fill(json.dumps(body))
        kind = "application/json" if data else None
        return {
            "path": self._fill(address + QUERIES.get(address, "")),
            "method": method,
            "data": data,
            "content_type": kind,
        }

    def everything(self) -> list[Any]:
        """All rows of the database."""
        with server_of(self.app).database.engine.begin() as connection:
            return [sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables]

    def what_ann_has(self) -> list[Any]:
        spaces: Any = self.ann.ask("GET", "/v2/session").json["spaces"]  # type: ignore[index]
        parts = [
            self.ann.ask("GET", f"/v2/spaces/{one['id']}/{part}") for one in spaces for part in ("snapshot", "members")
        ]
        return [spaces, *(answer.json for answer in parts)]

    def _fill(self, text: str) -> str:
        for word, meaning in self._words.items():
            text = text.replace(word, meaning)
        return text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: nothing may change in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('strangers')}/storage.db"
    app = create_app(Config(database_url=url, auth="required", rate_limit=None, login_rate_limit="9999 per minute"))
    yield World(app)
    server_of(app).database.close()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A server without logins, where only the origin and the content type stand between a page and the data."""
    app = create_app(Config(database_url=f"sqlite:///{tmp_path_factory.mktemp('local')}/storage.db"))
    yield app
    server_of(app).database.close()


def addresses() -> dict[tuple[str, str], bool]:
    """Every method and address of the server, taken from its URL map, and whether it asks for no token."""
    app = create_app(Config(database_url="sqlite://"))
    server_of(app).database.close()
    found = {}
    for rule in app.url_map.iter_rules():
        description = description_of(app.view_functions[rule.endpoint])
        for method in () if rule.websocket else (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found[method, rule.rule] = description is None or description.public
    return dict(sorted(found.items()))


ADDRESSES = addresses()
WRITING = [one for one in ADDRESSES if one[0] != "GET"]
WITH_TOKEN = [one for one, public in ADDRESSES.items() if not public]


def test_what_asks_for_no_token() -> None:
    reading = {"/docs", "/openapi.json", "/health", "/metrics", "/socket.io/"}
    # A password or an invitation stands for the token.
    writing = {("POST", "/v2/session"), ("POST", "/v2/accounts")}
    assert set(ADDRESSES) - set(WITH_TOKEN) == {("GET", address) for address in reading} | writing


def test_every_writing_address_has_a_right_request_here() -> None:
    assert set(BODIES) == set(WRITING)


@pytest.mark.parametrize(("method", "address"), WRITING)
def test_what_is_refused_to_strangers_is_right(make_app: MakeApp, method: str, address: str) -> None:
    """Or the other tests here would prove nothing."""
    world = World(make_app(auth="required", rate_limit=None))
    headers = {"Authorization": f"Bearer {world.ann.token}"} | ({"If-Match": "*"} if "items" in address else {})
    answer = world.app.test_client(use_cookies=False).open(**world.request(method, address), headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("method", "address"), [one for one in WRITING if BODIES[one] is not None])
def test_a_plain_html_form_changes_nothing(
    world: World, local: Flask, method: str, address: str, kind: str | None
) -> None:
    request = world.request(method, address) | {"content_type": kind}
    cookie = {"Cookie": f"unified_storage_session={world.ann.token}", "If-Match": "*"}
    before = world.everything()
    for headers in (cookie, cookie | {"Origin": "http://localhost"}, cookie | {"Origin": "null"}):
        answer = world.app.test_client(use_cookies=False).open(**request, headers=headers)
        assert answer.status_code in (403, 415), answer.text
    assert world.everything() == before
    answer = local.test_client().open(**request, headers={"If-Match": "*"})
    # A server without logins has no accounts to change, and says so first.
    assert answer.status_code in (409, 415), answer.text
    assert local.test_client().get("/v2/session").json["spaces"][0]["head"] == 0  # type: ignore[index]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_page_of_another_origin_reads_and_changes_nothing(
    world: World, local: Flask, method: str, address: str
) -> None:
    request, before = world.request(method, address), world.everything()
    signed_in = {"Cookie": f"unified_storage_session={world.ann.token}", "Authorization": f"Bearer {world.ann.token}"}
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        headers = {"Origin": origin, "If-Match": "*"}
        for answer in (
            world.app.test_client(use_cookies=False).open(**request, headers=headers | signed_in),
            local.test_client().open(**request, headers=headers),
        ):
            assert (answer.status_code, answer.json["error"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")  # type: ignore[index]
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert world.everything() == before


@pytest.mark.parametrize(("method", "address"), WITH_TOKEN)
def test_a_foreign_token_reads_and_changes_nothing(world: World, method: str, address: str) -> None:
    request = world.request(method, address)
    bob = sign_up(world.app, uuid.uuid4().hex)
    before = world.what_ann_has()
    answer = world.app.test_client(use_cookies=False).open(**request, headers=bearer(bob) | {"If-Match": "*"})
    assert SECRET not in answer.text
    if "<space_id>" in address:
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "NOT_FOUND")  # type: ignore[index]
    assert world.what_ann_has() == before


@pytest.mark.parametrize(("method", "address"), WITH_TOKEN)
def test_without_a_token_nothing_is_read_or_changed(world: World, method: str, address: str) -> None:
    request, before = world.request(method, address), world.everything()
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = world.app.test_client().open(**request, headers=headers | {"If-Match": "*"})
        assert answer.status_code == 401, answer.text
    assert world.everything() == before


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}
