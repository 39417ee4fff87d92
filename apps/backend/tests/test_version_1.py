"""The table of version 1."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.both_engines

STORAGE = "/api/storage"

KEYS = [
    ".", "..", "../x", "%2e%2e", "a/b", "//x", "/", "?x", "#y", "a b", "__proto__", "constructor", "toString",
    "\0", "\r\n", "\u00e9", "e\u0301", "\U0001f600", "\u202e", "\u200b", "\ufeff", "'; DROP TABLE item;--", "%", "_",
    "<img src=x onerror=1>", "keys/", "x" * 1024,
]  # fmt: skip


def address(key: str) -> str:
    return f"{STORAGE}/{quote(key, safe='')}"


def error_code(answer: Any) -> object:
    return answer.json["error"]["code"]


def test_health_says_what_the_server_speaks(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("status", "protocol", "auth")} == {
        "status": "ok",
        "protocol": 2,
        "auth": "none",
    }


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_value_comes_back_with_its_members_in_order(client: FlaskClient, method: str) -> None:
    sent = '{"value":{"z":1,"a":[1.5,-0.0,12345678901234567890,null,"\\u0000\\ud800"],"10":true}}'
    put = client.open(f"{STORAGE}/a", method=method, data=sent, content_type="application/json")
    assert (put.status_code, put.json) == (200, {"success": True})
    assert client.get(f"{STORAGE}/a").text == sent


def test_an_absent_key_is_404(client: FlaskClient) -> None:
    assert client.get(f"{STORAGE}/a").status_code == 404
    assert client.delete(f"{STORAGE}/a").status_code == 404


def test_delete(client: FlaskClient) -> None:
    client.put(f"{STORAGE}/a", json={"value": 1})
    assert client.delete(f"{STORAGE}/a").json == {"success": True}
    assert client.get(f"{STORAGE}/a").status_code == 404
    assert client.get(f"{STORAGE}/keys").json == {"keys": []}


@pytest.mark.parametrize("key", KEYS)
def test_k2_a_key_round_trips(client: FlaskClient, key: str) -> None:
    assert client.put(address(key), json={"value": key}).status_code == 200
    assert client.get(address(key)).json == {"value": key}
    assert client.get(f"{STORAGE}/keys").json == {"keys": [key]}
    assert client.get(f"{STORAGE}/export").json == {key: key}
    assert client.delete(address(key)).status_code == 200


@pytest.mark.parametrize("key", ["keys", "clear", "export", "import", "stats"])
def test_x18_a_key_named_like_an_address_is_refused_in_words(client: FlaskClient, key: str) -> None:
    answer = client.put(f"{STORAGE}/{key}", json={"value": 1})
    assert (answer.status_code, error_code(answer)) == (400, "INVALID_KEY")
    assert "version 2" in answer.json["error"]["message"]  # type: ignore[index]


@pytest.mark.parametrize("path", ["\xff", "\xed\xa0\x80", "x" * 1025, "\xc3\xa9" * 513])
def test_k1_what_is_no_key_is_refused(client: FlaskClient, path: str) -> None:
    # As WSGI hands over the bytes of an address; the test client would repair them.
    environ = {"PATH_INFO": f"{STORAGE}/{path}"}
    answer = client.put("/", environ_overrides=environ, json={"value": 1})
    assert (answer.status_code, error_code(answer)) == (400, "INVALID_KEY")
    assert client.get(f"{STORAGE}/keys").json == {"keys": []}


def test_k3_keys_are_in_code_unit_order(client: FlaskClient) -> None:
    # By code points the emoji would be last.
    client.post(f"{STORAGE}/import", json={"\uffee": 1, "\U0001f600": 1, "b": 1, "B": 1})
    assert client.get(f"{STORAGE}/keys").json == {"keys": ["B", "b", "\U0001f600", "\uffee"]}


def test_import_overwrites_and_keeps_the_rest(client: FlaskClient) -> None:
    client.put(f"{STORAGE}/a", json={"value": 1})
    client.put(f"{STORAGE}/b", json={"value": 1})
    answer = client.post(f"{STORAGE}/import", json={"b": 2, "c": [3]})
    assert (answer.status_code, answer.json) == (200, {"success": True, "imported": 2})
    assert client.get(f"{STORAGE}/export").json == {"a": 1, "b": 2, "c": [3]}


@pytest.mark.parametrize(
    "body", ["[]", "null", '"x"', "1", '{"":1}', '{"\\ud800":1}', '{"a":1,"a":2}', '{"a":NaN}', "{"]
)
def test_x12_an_import_is_all_or_nothing(client: FlaskClient, body: str) -> None:
    client.put(f"{STORAGE}/a", json={"value": "old"})
    answer = client.post(f"{STORAGE}/import", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert client.get(f"{STORAGE}/export").json == {"a": "old"}


def test_x17_clear_needs_the_json_content_type(client: FlaskClient) -> None:
    client.put(f"{STORAGE}/a", json={"value": 1})
    assert client.post(f"{STORAGE}/clear").status_code == 415
    assert client.post(f"{STORAGE}/clear", data="a=1", content_type="text/plain").status_code == 415
    assert client.get(f"{STORAGE}/keys").json == {"keys": ["a"]}
    assert client.post(f"{STORAGE}/clear", content_type="application/json").json == {"success": True}
    assert client.get(f"{STORAGE}/keys").json == {"keys": []}


@pytest.mark.parametrize("body", ["\0", "{", "[]", "1", "null", "NaN"])
def test_clear_takes_no_body_but_an_object(client: FlaskClient, body: str) -> None:
    client.put(f"{STORAGE}/a", json={"value": 1})
    assert client.post(f"{STORAGE}/clear", data=body, content_type="application/json").status_code == 400
    assert client.get(f"{STORAGE}/keys").json == {"keys": ["a"]}
    assert client.post(f"{STORAGE}/clear", json={}).json == {"success": True}


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("keys", {"GET", "HEAD"}),
        ("clear", {"POST"}),
        ("import", {"POST"}),
        ("a", {"GET", "HEAD", "PUT", "POST", "DELETE"}),
    ],
)
def test_an_address_allows_what_it_takes(client: FlaskClient, name: str, methods: set[str]) -> None:
    for answer in (client.options(f"{STORAGE}/{name}"), client.patch(f"{STORAGE}/{name}")):
        assert set(answer.headers["Allow"].split(", ")) == methods | {"OPTIONS"}


def test_stats_count_utf_8_bytes(client: FlaskClient) -> None:
    client.put(f"{STORAGE}/{quote('é')}", json={"value": "ü"})
    client.put(f"{STORAGE}/gone", json={"value": 1})
    client.delete(f"{STORAGE}/gone")
    expected = len("é".encode()) + len(json.dumps("ü", ensure_ascii=False).encode())
    assert client.get(f"{STORAGE}/stats").json == {"total_keys": 1, "total_size_bytes": expected}


def test_a_version_1_write_is_seen_by_version_2(client: FlaskClient) -> None:
    client.put(f"{STORAGE}/a", json={"value": [1]})
    snapshot = client.get("/v2/spaces/default/snapshot").json
    assert snapshot is not None
    assert snapshot["items"] == [{"key": "a", "rev": 1, "deleted": False, "value": "[1]"}]
