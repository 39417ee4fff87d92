"""Transactions are all or nothing and at most once; many keys are read as they are at one moment."""

import json
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from .people import Person

pytestmark = pytest.mark.both_engines

SPACE = "/v2/spaces/default"


def post(client: FlaskClient, address: str, body: Any, status: int = 200) -> Any:
    answer = client.post(address, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.text
    return answer.json


def epoch_of(client: FlaskClient) -> str:
    return client.get("/v2/session").json["spaces"][0]["epoch"]  # type: ignore[index, no-any-return]


def put(key: str, value: Any, base: int | None = None) -> dict[str, Any]:
    return {"op": "put", "key": key, "base": base, "value": json.dumps(value)}


def transact(client: FlaskClient, number: int, *writes: dict[str, Any], **more: Any) -> Any:
    status, sender = more.pop("status", 200), more.pop("sender", "c")
    body = {"epoch": epoch_of(client), "client": sender, "id": number, "writes": writes, **more}
    return post(client, f"{SPACE}/transactions", body, status)


def export(client: FlaskClient) -> Any:
    return client.get("/api/storage/export").json


def test_o7_all_is_written_where_all_is_as_expected(client: FlaskClient) -> None:
    answer = transact(client, 1, put("a", 1, 0), put("b", 2, 0))
    assert (answer["status"], answer["since"], answer["rev"], answer["head"]) == ("applied", 0, 2, 2)
    assert export(client) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "stale", [put("b", 3, 0), {"op": "delete", "key": "b", "base": 9}, {"op": "check", "key": "b", "base": 0}]
)
def test_o7_nothing_is_written_where_one_is_not_as_expected(client: FlaskClient, stale: dict[str, Any]) -> None:
    transact(client, 1, put("b", "theirs"))
    answer = transact(client, 2, put("a", 1, 0), stale)
    assert (answer["status"], answer["head"]) == ("conflict", 1)
    assert export(client) == {"b": "theirs"}


def test_what_was_read_can_be_checked_without_being_written(client: FlaskClient) -> None:
    transact(client, 1, put("read", 1))
    assert transact(client, 2, {"op": "check", "key": "read", "base": 1}, put("a", 1))["head"] == 2
    assert export(client) == {"a": 1, "read": 1}


def test_without_a_base_whatever_is_there_is_overwritten(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1), put("a", 2))
    assert transact(client, 2, {"op": "delete", "key": "a"}, {"op": "delete", "key": "never"}, put("b", 1))["rev"] == 4
    assert export(client) == {"b": 1}


def test_clear_deletes_everything_before_the_rest_is_written(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1), put("b", 1))
    transact(client, 2, {"op": "clear"}, put("b", 2), put("c", 3))
    assert export(client) == {"b": 2, "c": 3}


def test_a_head_stands_for_everything_that_was_read(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1))
    assert transact(client, 2, {"op": "clear"}, head=0)["status"] == "conflict"
    assert transact(client, 3, {"op": "clear"}, head=1)["status"] == "applied"
    assert export(client) == {}


def test_y3_a_repeated_transaction_changes_nothing(client: FlaskClient) -> None:
    applied, conflict = [put("a", 1, 0), put("b", 1, 0)], [put("a", 2, 0)]
    transact(client, 1, *applied)
    transact(client, 2, *conflict)
    client.put("/api/storage/a", json={"value": "newer"})
    again = [transact(client, 1, *applied), transact(client, 2, *conflict)]
    assert [(answer["status"], answer["original"]) for answer in again] == [
        ("duplicate", "applied"),
        ("duplicate", "conflict"),
    ]
    assert export(client) == {"a": "newer", "b": 1}


def test_an_empty_one_takes_its_number_so_that_a_late_one_finds_it_taken(client: FlaskClient) -> None:
    assert transact(client, 1)["status"] == "applied"
    assert transact(client, 1, put("late", 1), status=422)["error"]["code"] == "MUTATION_REUSED"
    assert export(client) == {}


def test_numbers_are_shared_with_push_and_have_no_gap(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1))
    mutation = {"id": 2, "op": "put", "key": "b", "base": 0, "value": "2"}
    post(client, f"{SPACE}/push", {"epoch": epoch_of(client), "client": "c", "mutations": [mutation]})
    assert transact(client, 4, put("c", 1), status=409)["error"]["code"] == "GAP"
    assert transact(client, 3, put("c", 3))["status"] == "applied"


def test_another_epoch_is_refused(client: FlaskClient) -> None:
    assert transact(client, 1, put("a", 1), epoch="f" * 32, status=409)["error"]["code"] == "EPOCH_CHANGED"


@pytest.mark.parametrize(
    "write",
    [
        {"op": "get", "key": "a"}, {"op": "put", "key": "a"}, {"op": "put", "value": "1"}, {"op": "check", "key": "a"},
        {"op": "clear", "key": "a"}, {"op": "clear"}, {"op": "delete", "key": "a", "value": "1"},
        {"op": "put", "key": "", "value": "1"}, {"op": "put", "key": "x" * 1025, "value": "1"},
        {"op": "put", "key": "a", "value": "{"}, {"op": "put", "key": "a", "value": "1", "base": -1},
        {"op": "put", "key": "a", "value": '"' + "x" * 4 * 1024 * 1024 + '"'},
    ],
)  # fmt: skip
def test_a_write_that_can_never_be_valid_stops_all(client: FlaskClient, write: dict[str, Any]) -> None:
    transact(client, 1, put("good", 1), write, status=400)
    assert export(client) == {}
    assert transact(client, 1, put("good", 1))["status"] == "applied"


def test_too_many_writes_are_too_large(client: FlaskClient) -> None:
    transact(client, 1, *({"op": "delete", "key": "a"} for _ in range(20_001)), status=413)


def test_many_keys_are_read_as_one(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1), put("gone", 1), put("é/ ", 2))
    transact(client, 2, {"op": "delete", "key": "gone"})
    answer = post(client, f"{SPACE}/read", {"keys": ["é/ ", "gone", "never", "a"]})
    assert [(item["key"], item["rev"], item["value"]) for item in answer["items"]] == [("é/ ", 3, "2"), ("a", 1, "1")]
    assert (answer["done"], answer["head"]) == (4, 4)
    for keys in ([""], [1], "a", None, ["k"] * 1001):
        post(client, f"{SPACE}/read", {"keys": keys}, 413 if keys and len(keys) > 1000 else 400)


def test_many_keys_are_hashed_as_one(client: FlaskClient) -> None:
    transact(client, 1, put('"b"\n', "ä"), put("gone", 1), put("\x01\u2028", [1]))
    transact(client, 2, {"op": "delete", "key": "gone"})
    answer = post(client, f"{SPACE}/digest", {"keys": ["\x01\u2028", "gone", "never", '"b"\n']})
    text = '["\\u0001\u2028","\\"b\\"\\n",[1]\n"\\u00e4"]'
    assert (answer["digest"], answer["head"]) == (sha256(text.encode()).hexdigest(), 4)
    assert post(client, f"{SPACE}/digest", {"keys": []})["digest"] == sha256(b"[,]").hexdigest()
    for keys in ([""], [1], "a", None, ["k"] * 1001):
        post(client, f"{SPACE}/digest", {"keys": keys}, 413 if keys and len(keys) > 1000 else 400)


def test_a_hash_is_of_a_bounded_length(client: FlaskClient) -> None:
    transact(client, 1, put("a", "x" * 4_000_000))
    post(client, f"{SPACE}/digest", {"keys": ["a"] * 16})
    post(client, f"{SPACE}/digest", {"keys": ["a"] * 17}, 413)


def test_a_number_whose_keys_were_taken_is_repeated_as_it_was(client: FlaskClient) -> None:
    transact(client, 1, put("a", 1, 0))
    taken = transact(client, 2, put("b", 2, 0), put("a", 2, 0))
    assert (taken["status"], taken["head"], taken["rev"]) == ("conflict", 1, 1)
    again = transact(client, 2, put("b", 2, 0), put("a", 2, 0))
    assert (again["status"], again["original"], again["head"]) == ("duplicate", "conflict", 1)
    assert export(client) == {"a": 1}


def test_new_keys_are_written_without_a_look_and_taken_ones_are_a_conflict(client: FlaskClient) -> None:
    assert transact(client, 1, put("a", 1, 0), put("b", 1, 0))["status"] == "applied"
    assert transact(client, 2, put("c", 2, 0), put("b", 2, 0))["status"] == "conflict"
    assert export(client) == {"a": 1, "b": 1}
    transact(client, 3, {"op": "delete", "key": "b"})
    assert transact(client, 4, put("c", 3, 0), put("b", 3, 0))["status"] == "applied"
    assert export(client) == {"a": 1, "b": 3, "c": 3}


def test_an_answer_is_bounded_in_bytes(client: FlaskClient) -> None:
    for number in range(1, 5):
        transact(client, number, put(f"k{number}", "x" * 3_000_000))
    assert post(client, f"{SPACE}/read", {"keys": ["k1", "never", "k2", "k3", "k4"]})["done"] == 3


def test_the_index_lists_sizes_without_values(client: FlaskClient) -> None:
    transact(client, 1, *(put(key, "é") for key in ("b", "a", "\U0001f600", "\uffff", "gone")))
    transact(client, 2, {"op": "delete", "key": "gone"})
    seen: list[Any] = []
    after: str | None = ""
    while after is not None:
        page: Any = client.get(f"{SPACE}/index?after={after}&limit=2").json
        seen += page["items"]
        after = page["next"]
    assert [item["key"] for item in seen] == ["a", "b", "\uffff", "\U0001f600"]
    assert {item["bytes"] for item in seen} == {len('"\\u00e9"')}
    assert all(item["updatedAt"] > 1_600_000_000_000 for item in seen)


def test_k3_a_storage_has_a_space_of_its_own(client: FlaskClient) -> None:
    names = ["default", "app", "APP", "app/", "\0", "x" * 101, "x" * 102, "sha256:app"]
    ids = [post(client, "/v2/storages", {"name": name})["id"] for name in names]
    assert len(set(ids)) == len(names)
    assert [post(client, "/v2/storages", {"name": name})["id"] for name in names] == ids
    assert ids[0] == client.get("/v2/session").json["spaces"][0]["id"]  # type: ignore[index]
    for name in ("", "x" * 201, None, "\ud800", "a\udc00b"):
        post(client, "/v2/storages", {"name": name}, 400)


def test_k3_nobody_else_makes_a_users_storage(ann: Person, bob: Person) -> None:
    trap: Any = ann.ask("POST", "/v2/spaces", {"name": "app"}).json
    assert ann.ask("PUT", f"/v2/spaces/{trap['id']}/members/bob", {"role": "owner"}).status_code == 200
    opened: Any = bob.ask("POST", "/v2/storages", {"name": "app"}).json
    assert opened["id"] != trap["id"]
    # Also when they are the only owner, and whoever made it is still in.
    assert bob.ask("PUT", f"/v2/spaces/{trap['id']}/members/ann", {"role": "viewer"}).status_code == 200
    again: Any = bob.ask("POST", "/v2/storages", {"name": "app"}).json
    assert again["id"] == opened["id"]
    mine: Any = ann.ask("POST", "/v2/storages", {"name": "app"}).json
    assert mine["id"] not in {trap["id"], opened["id"]}


def test_k3_a_storage_with_a_users_name_is_not_the_default_one(ann: Person) -> None:
    ids = [ann.ask("POST", "/v2/storages", {"name": name}).json["id"] for name in ("default", "ann", "ann")]  # type: ignore[index]
    assert ids[0] != ids[1] == ids[2]


def test_a_foreign_storage_is_another(ann: Person, bob: Person) -> None:
    opened: list[Any] = [person.ask("POST", "/v2/storages", {"name": "app"}).json for person in (ann, bob)]
    mine, theirs = (space["id"] for space in opened)
    assert mine != theirs
    transaction = {"epoch": opened[0]["epoch"], "client": "c", "id": 1, "writes": []}
    for address, body in (("read", {"keys": []}), ("transactions", transaction)):
        assert bob.ask("POST", f"/v2/spaces/{mine}/{address}", body).status_code == 404
