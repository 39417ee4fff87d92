"""Every bad request over HTTP: the right 4xx, the one error shape, and nothing changed."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from unified_storage_backend.server import server_of

from .conftest import MakeApp

JSON = "application/json"
ITEM = "/v2/spaces/default/items/YQ"
PUSH = "/v2/spaces/default/push"
CHANGES = "/v2/spaces/default/changes"
DEEP = "[" * 20_000 + "]" * 20_000
LONG = "9" * 5_000
# As large as 1e309: whole numbers have no end in Python, and become infinite elsewhere.
LARGE = "1" + "0" * 309
BAD_BODIES = [
    b"", b"null", b"[]", b'"x"', b"1", b"{", b"\xff", b'{"value":NaN}', b'{"value":1e999}', b'{"value":-Infinity}',
    f'{{"value":{DEEP}}}'.encode(), f'{{"value":{LONG}}}'.encode(), f'{{"value":-{LARGE}}}'.encode(),
    b'{"value":1,"value":2}', b'{"value":1,"extra":2}',
    b'{"Value":1}', '{"value":1}'.encode("utf-16"), b'{"value":1} x',
]  # fmt: skip


@pytest.fixture
def before(app: Flask, client: FlaskClient) -> Any:
    client.put("/api/storage/a", json={"value": "old"})
    return state(client)


def state(client: FlaskClient) -> Any:
    session, snapshot = client.get("/v2/session").json, client.get("/v2/spaces/default/snapshot").json
    return session, snapshot


def assert_refused(client: FlaskClient, before: Any, answer: TestResponse, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    error = answer.json["error"]
    assert {"code", "message", "requestId"} <= set(error) <= {"code", "message", "requestId", "current", "head"}
    assert answer.json.keys() == {"error"}
    for secret in ("Traceback", "sqlalchemy", "SELECT", "INSERT", "/src/", ".py", "sqlite"):
        assert secret not in answer.text
    assert state(client) == before


@pytest.mark.parametrize("body", BAD_BODIES)
@pytest.mark.parametrize("address", ["/api/storage/a", ITEM])
def test_a_put_with_a_bad_body(client: FlaskClient, before: Any, address: str, body: bytes) -> None:
    answer = client.put(address, data=body, content_type=JSON, headers={"If-Match": "*"})
    assert_refused(client, before, answer, 400)


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_push_with_a_bad_body(client: FlaskClient, before: Any, body: bytes) -> None:
    assert_refused(client, before, client.post(PUSH, data=body, content_type=JSON), 400)


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
@pytest.mark.parametrize(
    ("method", "address"),
    [("PUT", "/api/storage/a"), ("POST", "/api/storage/a"), ("POST", "/api/storage/clear"),
     ("POST", "/api/storage/import"), ("PUT", ITEM), ("POST", PUSH), ("POST", "/v2/spaces")],
)  # fmt: skip
def test_a_plain_html_form_reaches_nothing(
    client: FlaskClient, before: Any, method: str, address: str, kind: str | None
) -> None:
    answer = client.open(address, method=method, data=b'{"value":1}', content_type=kind, headers={"If-Match": "*"})
    assert_refused(client, before, answer, 415)


@pytest.mark.parametrize(
    "value", ["", "{", "NaN", "1e999", DEEP, LONG, LARGE, "[1] 2", "'a'", '"\0"', '"\t"', "\ufeff1", "undefined", "01"]
)
def test_an_item_takes_json_text_alone(client: FlaskClient, before: Any, value: str) -> None:
    answer = client.put(ITEM, json={"value": value}, headers={"If-Match": "*"})
    assert_refused(client, before, answer, 400)


@pytest.mark.parametrize("value", [None, 1, True, [], {}])
def test_an_item_takes_a_string_alone(client: FlaskClient, before: Any, value: object) -> None:
    assert_refused(client, before, client.put(ITEM, json={"value": value}, headers={"If-Match": "*"}), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"If-Match": ""}, 400),
        ({"If-Match": "garbage"}, 400),
        ({"If-Match": '"unclosed'}, 400),
        ({"If-Match": 'W/"1"'}, 412),
        ({"If-Match": '"1"'}, 412),
        ({"If-Match": '"1", "2"'}, 412),
        ({"If-None-Match": "*"}, 412),
        ({"If-None-Match": '"1"'}, 400),
        ({"If-Match": "*", "If-None-Match": "*"}, 400),
    ],
)
def test_a_write_without_the_right_precondition(
    client: FlaskClient, before: Any, method: str, headers: dict[str, str], status: int
) -> None:
    answer = client.open(ITEM, method=method, json={"value": "1"}, headers=headers)
    assert_refused(client, before, answer, status)
    if status == 412:
        assert answer.json is not None
        assert answer.json["error"]["current"]["value"] == '"old"'


@pytest.mark.parametrize("key", ["YQ==", "Y", "_w", "YR", "Y+Q", "%20", "YQ.", "Y" * 1400, "w6k\u00e9"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_bad_key_in_an_address(client: FlaskClient, before: Any, method: str, key: str) -> None:
    address = f"/v2/spaces/default/items/{key}"
    answer = client.open(address, method=method, json={"value": "1"}, headers={"If-Match": "*"})
    assert_refused(client, before, answer, 400)


def mutation(**members: Any) -> dict[str, Any]:
    return {"id": 1, "op": "put", "key": "a", "base": 1, "value": "1"} | members


def send(client: FlaskClient, members: dict[str, Any]) -> TestResponse:
    epoch = client.get("/v2/session").json["spaces"][0]["epoch"]  # type: ignore[index]
    body: dict[str, Any] = {"epoch": epoch, "client": "c", "mutations": []} | members
    return client.post(PUSH, data=json.dumps(body), content_type=JSON)


@pytest.mark.parametrize("number", [0, -1, 1.5, 1.0, 2**53, "1", True, None, [], 10**400])
def test_a_mutation_with_a_bad_id(client: FlaskClient, before: Any, number: object) -> None:
    assert_refused(client, before, send(client, {"mutations": [mutation(id=number)]}), 400)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"mutations": [mutation(id=2)]}, 409),
        ({"mutations": [mutation(), mutation(id=3)]}, 409),
        ({"mutations": [mutation(), mutation()]}, 409),
        ({"mutations": [mutation()] * 501}, 413),
        ({"mutations": [mutation()] * 10_000}, 413),
        ({"mutations": None}, 400),
        ({"mutations": {}}, 400),
        ({"mutations": [None]}, 400),
        ({"mutations": [mutation(extra=1)]}, 400),
        ({"mutations": [{"id": 1}]}, 400),
        ({"extra": 1}, 400),
        ({"client": ""}, 400),
        ({"client": "a b"}, 400),
        ({"client": "x" * 65}, 400),
        ({"client": "a\n"}, 400),
        ({"client": None}, 400),
        ({"epoch": "foreign", "mutations": [mutation()]}, 409),
        ({"epoch": 1}, 400),
        ({"epoch": "\ud800"}, 400),
    ],
)
def test_a_bad_push(client: FlaskClient, before: Any, body: dict[str, Any], status: int) -> None:
    assert_refused(client, before, send(client, body), status)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=-1", 400), ("since=99999999", 400), ("since=1e3", 400), ("since=", 400), ("since=\u0661", 400),
        (f"since={2**53}", 400), (f"since={LONG}", 400), ("since=0&limit=0", 400), ("since=0&limit=1000000000", 400),
        ("since=0&limit=-1", 400), ("since=0&since=1", 400), ("", 400), ("since=0&sinse=1", 400),
    ],
)  # fmt: skip
def test_a_bad_question_for_changes(client: FlaskClient, before: Any, query: str, status: int) -> None:
    epoch = client.get("/v2/session").json["spaces"][0]["epoch"]  # type: ignore[index]
    assert_refused(client, before, client.get(f"{CHANGES}?epoch={epoch}&{query}"), status)


def test_changes_of_a_foreign_epoch(client: FlaskClient, before: Any) -> None:
    assert_refused(client, before, client.get(f"{CHANGES}?epoch=foreign&since=0"), 409)
    assert_refused(client, before, client.get(f"{CHANGES}?since=0"), 400)


@pytest.mark.parametrize("query", ["after=!!!", "after=YQ==", "limit=0", "limit=1e9", "page=1"])
def test_a_bad_question_for_a_snapshot(client: FlaskClient, before: Any, query: str) -> None:
    assert_refused(client, before, client.get(f"/v2/spaces/default/snapshot?{query}"), 400)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 404), ("GET", "/api/storage", 404), ("GET", "/v2", 404), ("GET", "/../etc/passwd", 404),
        ("POST", "/health", 405), ("PATCH", "/api/storage/a", 405), ("TRACE", "/health", 405),
        ("GET", "/v2/spaces/nobodys/snapshot", 404), ("GET", "/v2/spaces/%00/snapshot", 404),
        ("GET", "/v2/spaces/%FF/snapshot", 404), ("GET", "/v2/session?x=1", 400), ("GET", "/api/storage/a?x=1", 400),
        ("DELETE", "/v2/session", 409), ("DELETE", "/v2/spaces/default", 409),
        ("DELETE", "/v2/spaces/default/members/default", 409), ("DELETE", "/v2/spaces/default/members/%00", 404),
    ],
)  # fmt: skip
def test_a_bad_address_or_method(client: FlaskClient, before: Any, method: str, address: str, status: int) -> None:
    assert_refused(client, before, client.open(address, method=method), status)


def test_a_body_that_is_too_large(client: FlaskClient, before: Any) -> None:
    large = json.dumps({"value": "x" * (8 * 1024 * 1024)})
    assert_refused(client, before, client.put("/api/storage/a", data=large, content_type=JSON), 413)
    value = json.dumps({"value": "x" * (4 * 1024 * 1024)})
    assert_refused(client, before, client.put("/api/storage/a", data=value, content_type=JSON), 413)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost@evil.example", "file://",
     "http://localhost:99999", "http://localhost/", "javascript://localhost", "", "http://[::1"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/api/storage/export"), ("PUT", "/api/storage/a"), ("OPTIONS", "/v2/session"), ("GET", "/health")],
)
def test_a_page_of_another_origin(client: FlaskClient, before: Any, method: str, address: str, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    answer = client.open(address, method=method, json={"value": 1} if method == "PUT" else None, headers=headers)
    assert_refused(client, before, answer, 403)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:5001", "10.0.0.1", "", "a b"]
)
def test_another_name_for_this_machine(client: FlaskClient, before: Any, host: str) -> None:
    assert_refused(client, before, client.get("/api/storage/export", headers={"Host": host}), 403)


@pytest.mark.parametrize(
    "origin", ["http://localhost", "http://localhost:5173", "https://127.0.0.1:1", "http://[::1]:3000"]
)
def test_a_local_page_is_welcome(client: FlaskClient, origin: str) -> None:
    asked = client.options("/api/storage/a", headers={"Origin": origin, "Access-Control-Request-Method": "PUT"})
    assert asked.status_code == 204
    for answer in (asked, client.get("/health", headers={"Origin": origin})):
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in answer.headers["Vary"]


def test_a_large_whole_number_that_others_can_read_is_kept(client: FlaskClient) -> None:
    assert client.put(ITEM, json={"value": LARGE[:-1]}, headers={"If-None-Match": "*"}).status_code == 200


def test_names_of_this_server_in_the_network(make_app: MakeApp) -> None:
    app = make_app(auth="required", allowed_hosts=frozenset({"storage.example"}))
    for host, status in {
        "storage.example": 200, "STORAGE.example:8443": 200, "localhost:5001": 200, "127.0.0.1": 200,
        "evil.example": 403, "storage.example.evil.example": 403, "": 403,
    }.items():  # fmt: skip
        assert app.test_client().get("/health", headers={"Host": host}).status_code == status
    unnamed = make_app(auth="required")
    assert unnamed.test_client().get("/health", headers={"Host": "any.example"}).status_code == 200


@pytest.mark.parametrize(("spoken", "status"), [("1", 426), ("0", 426), ("x", 400), ("-1", 400), ("9" * 9, 400)])
def test_a_client_of_an_older_protocol(client: FlaskClient, before: Any, spoken: str, status: int) -> None:
    assert_refused(client, before, client.get("/v2/session", headers={"Storage-Protocol": spoken}), status)


def test_a_database_out_of_order_is_an_outage_that_passes(app: Flask, client: FlaskClient) -> None:
    with server_of(app).database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item RENAME TO hidden")
    answer = client.get("/api/storage/keys")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "item" not in answer.text
