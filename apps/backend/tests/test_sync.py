"""Push, changes and snapshot: at most once, revisions without gaps, nothing overwritten unseen."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from unified_storage_backend.server import server_of
from unified_storage_backend.store import garbage
from unified_storage_backend.store.clock import DAY
from unified_storage_backend.store.garbage import Removed, collect_garbage
from unified_storage_backend.tables import client as table
from unified_storage_backend.tables import item, result

pytestmark = pytest.mark.both_engines

SPACE = "/v2/spaces/default"


def epoch_of(client: FlaskClient) -> str:
    return client.get("/v2/session").json["spaces"][0]["epoch"]  # type: ignore[index, no-any-return]


def put(number: int, key: str, value: Any, base: int = 0) -> dict[str, Any]:
    return {"id": number, "op": "put", "key": key, "base": base, "value": json.dumps(value)}


def remove(number: int, key: str, base: int) -> dict[str, Any]:
    return {"id": number, "op": "delete", "key": key, "base": base}


def push(client: FlaskClient, *mutations: dict[str, Any], sender: str = "c", status: int = 200) -> Any:
    body = {"epoch": epoch_of(client), "client": sender, "mutations": mutations}
    answer = client.post(f"{SPACE}/push", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.text
    return answer.json


@contextmanager
def reads_of_items(app: Flask) -> Iterator[list[str]]:
    """The statements that read items meanwhile."""
    engine = server_of(app).database.engine
    reads: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT item."):
            reads.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield reads
    event.remove(engine, "before_cursor_execute", hear)


def changes(client: FlaskClient, since: int, limit: int = 500) -> Any:
    return client.get(f"{SPACE}/changes?epoch={epoch_of(client)}&since={since}&limit={limit}").json


def address(key: str) -> str:
    return f"{SPACE}/items/{base64.urlsafe_b64encode(key.encode()).rstrip(b'=').decode()}"


def test_mutations_get_the_next_revisions(client: FlaskClient) -> None:
    answer = push(client, put(1, "a", 1), put(2, "b", 2))
    assert (answer["head"], answer["lastMutation"]) == (2, 2)
    assert answer["results"] == [{"id": 1, "status": "applied", "rev": 1}, {"id": 2, "status": "applied", "rev": 2}]


def test_y3_a_repeated_push_changes_nothing(client: FlaskClient) -> None:
    sent = [put(1, "a", 1), put(2, "a", 2, base=1), put(3, "a", 3, base=1), put(4, "", 4)]
    first = push(client, *sent)
    again = push(client, *sent)
    assert [result["status"] for result in first["results"]] == ["applied", "applied", "conflict", "rejected"]
    assert [result["status"] for result in again["results"]] == ["duplicate"] * 4
    outcomes = [{name: result[name] for name in result if name != "id"} for result in first["results"]]
    assert [result["original"] for result in again["results"]] == outcomes
    assert (again["head"], again["lastMutation"]) == (first["head"], 4)


def test_a_push_may_begin_with_what_is_known(client: FlaskClient) -> None:
    push(client, put(1, "a", 1))
    answer = push(client, put(1, "a", 1), put(2, "b", 2))
    assert [result["status"] for result in answer["results"]] == ["duplicate", "applied"]
    assert answer["head"] == 2


def test_a_push_of_what_is_new_reads_no_items(app: Flask, client: FlaskClient) -> None:
    push(client, put(1, "key 7", 0), remove(2, "key 7", 1), sender="other")
    with reads_of_items(app) as reads:
        answer = push(client, *[put(number, f"key {number}", number) for number in range(1, 51)])
    assert reads == []
    assert {one["status"] for one in answer["results"]} == {"applied"}
    assert [one["rev"] for one in changes(client, 0)["items"]] == list(range(3, 53))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_y3_what_was_taken_for_new_and_is_there_is_a_conflict(app: Flask, client: FlaskClient, place: int) -> None:
    push(client, put(1, "taken", "theirs"), sender="other")
    keys = ["a", "b"]
    keys.insert(place, "taken")
    mutations = [put(number, key, "mine") for number, key in enumerate(keys, 1)]
    with reads_of_items(app) as reads:
        answer = push(client, *mutations)
    assert len(reads) == 1
    assert [one["status"] for one in answer["results"]] == ["conflict" if key == "taken" else "applied" for key in keys]
    assert answer["results"][place]["current"]["value"] == json.dumps("theirs")
    assert answer["head"] == 3
    assert [(one["rev"], one["value"]) for one in changes(client, 0)["items"]] == [
        (1, '"theirs"'),
        (2, '"mine"'),
        (3, '"mine"'),
    ]
    assert {one["status"] for one in push(client, *mutations)["results"]} == {"duplicate"}


def test_of_two_that_are_new_under_one_key_the_second_is_a_conflict(client: FlaskClient) -> None:
    answer = push(client, put(1, "a", 1), put(2, "a", 2), put(3, "b", 3))
    assert [one["status"] for one in answer["results"]] == ["applied", "conflict", "applied"]
    assert [one["rev"] for one in changes(client, 0)["items"]] == [1, 2]


def test_an_empty_push_tells_the_last_mutation(client: FlaskClient) -> None:
    assert push(client)["lastMutation"] == 0
    push(client, put(1, "a", 1))
    assert push(client)["lastMutation"] == 1


def test_a_known_id_with_another_body_is_refused(client: FlaskClient) -> None:
    push(client, put(1, "a", 1))
    error = push(client, put(1, "a", 2), put(2, "b", 1), status=422)
    assert error["error"]["code"] == "MUTATION_REUSED"
    assert changes(client, 0)["head"] == 1


def test_an_outcome_that_is_no_longer_kept_is_still_a_duplicate(client: FlaskClient) -> None:
    for start in range(1, 1502, 500):
        push(client, *(put(number, f"k{number}", 1) for number in range(start, start + 500)))
    assert push(client, put(1, "k1", 1))["results"] == [{"id": 1, "status": "duplicate", "rev": 0, "original": None}]
    assert push(client, put(1001, "k1001", 1))["results"][0]["original"]["status"] == "applied"


def test_x19_a_base_that_is_not_current_is_a_conflict(client: FlaskClient) -> None:
    push(client, put(1, "a", "theirs"))
    answer = push(client, put(1, "a", "mine"), sender="d")
    current = {"key": "a", "rev": 1, "deleted": False, "value": '"theirs"'}
    assert answer["results"] == [{"id": 1, "status": "conflict", "rev": 1, "current": current}]
    assert answer["head"] == 1


def test_a_deletion_meets_a_change(client: FlaskClient) -> None:
    push(client, put(1, "a", 1), remove(2, "a", 1))
    answer = push(client, put(1, "a", 2, base=1), remove(2, "a", 1), sender="d")
    assert [result["status"] for result in answer["results"]] == ["conflict", "conflict"]
    assert answer["results"][0]["current"] == {"key": "a", "rev": 2, "deleted": True, "value": None}


def test_what_was_deleted_can_be_made_anew(client: FlaskClient) -> None:
    push(client, put(1, "a", 1), remove(2, "a", 1))
    answer = push(client, put(1, "a", 2), sender="d")
    assert answer["results"][0] == {"id": 1, "status": "applied", "rev": 3}


def test_o5_deleting_what_is_not_there_succeeds_without_a_revision(client: FlaskClient) -> None:
    assert push(client, remove(1, "a", 0))["results"] == [{"id": 1, "status": "applied", "rev": 0}]
    assert changes(client, 0)["head"] == 0


@pytest.mark.parametrize(
    "members",
    [
        {"op": "get"}, {"op": None}, {"key": ""}, {"key": 1}, {"key": None}, {"key": "\ud800"}, {"key": "x" * 1025},
        {"base": -1}, {"base": 1.5}, {"base": "1"}, {"base": True}, {"base": None}, {"base": 2**53}, {"value": None},
        {"value": 1}, {"value": ""}, {"value": "{"}, {"value": "NaN"}, {"value": "1e999"}, {"value": '"\ud800"'},
        {"value": "[" * 20_000 + "]" * 20_000}, {"value": "9" * 5_000}, {"value": '"' + "x" * (4 * 1024 * 1024) + '"'},
    ],
)  # fmt: skip
def test_a_poisoned_mutation_is_set_aside_and_the_queue_goes_on(client: FlaskClient, members: dict[str, Any]) -> None:
    answer = push(client, put(1, "a", 1) | members, put(2, "b", 2))
    rejected, applied = answer["results"]
    assert (rejected["status"], applied["status"]) == ("rejected", "applied")
    assert rejected["why"]
    assert (answer["head"], answer["lastMutation"]) == (1, 2)


@pytest.mark.parametrize(
    "text", ["1", " [1, 2.50]\n", '{"b":1,"a":1}', '"\\ud800"', '{"__proto__":1}', "-0", '"é"', "1E2"]
)
def test_v4_json_text_is_kept_exactly(client: FlaskClient, text: str) -> None:
    push(client, {"id": 1, "op": "put", "key": "a", "base": 0, "value": text})
    assert client.get(address("a")).json == {"key": "a", "rev": 1, "value": text}
    assert changes(client, 0)["items"][0]["value"] == text


def test_changes_come_in_pages_without_a_hole(client: FlaskClient) -> None:
    push(client, *(put(number, f"k{number}", number) for number in range(1, 8)))
    push(client, put(8, "k2", "new", base=2), remove(9, "k3", 3))
    seen, since, more = [], 0, True
    while more:
        page = changes(client, since, limit=2)
        seen += [(item["key"], item["rev"], item["deleted"]) for item in page["items"]]
        since, more = page["next"], page["more"]
    kept = [(f"k{number}", number, False) for number in (1, 4, 5, 6, 7)]
    assert seen == [*kept, ("k2", 8, False), ("k3", 9, True)]
    assert since == page["head"] == 9


def test_a_snapshot_comes_in_pages_in_key_order(client: FlaskClient) -> None:
    keys = ["\0", "b", "a", "é", "\U0001f600", "a/b", "keys"]
    push(client, *(put(number, key, number) for number, key in enumerate(keys, 1)))
    push(client, remove(8, "b", 2))
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page: Any = client.get(f"{SPACE}/snapshot?after={after}&limit=2").json
        seen += [item["key"] for item in page["items"]]
        after = page["next"]
        assert page["more"] == (after is not None)
    assert seen == sorted((key for key in keys if key != "b"), key=str.encode)


def test_a_page_is_bounded_in_bytes_too(client: FlaskClient) -> None:
    large = "x" * 3_000_000
    for number in range(1, 5):
        push(client, put(number, f"k{number}", large))
    assert [len(changes(client, since)["items"]) for since in (0, 2)] == [2, 2]


def test_old_tombstones_go_and_the_floor_says_so(app: Flask, client: FlaskClient) -> None:
    push(client, put(1, "a", 1), put(2, "b", 1), remove(3, "a", 1), put(4, "c", 1))
    assert server_of(app).database.sweep(lambda connection: collect_garbage(connection, days=-1)).tombstones == 1
    gone = client.get(f"{SPACE}/changes?epoch={epoch_of(client)}&since=2")
    assert (gone.status_code, gone.json["error"]["code"]) == (410, "SINCE_TOO_OLD")  # type: ignore[index]
    assert [item["key"] for item in changes(client, 3)["items"]] == ["c"]
    assert [item["key"] for item in client.get(f"{SPACE}/snapshot").json["items"]] == ["b", "c"]  # type: ignore[index]


def test_what_is_thirty_days_old_to_the_millisecond_is_kept(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(client, put(1, "a", 1), remove(2, "a", 1))
    with server_of(app).database.engine.begin() as connection:
        written = connection.scalar(select(item.c.updated_at))
        used = connection.scalar(select(table.c.used_at))
    assert written == used
    for milliseconds, removed in ((30 * DAY, Removed(0, 0, 0)), (30 * DAY + 1, Removed(1, 1, 0))):
        monkeypatch.setattr(garbage, "now", lambda age=milliseconds: written + age)
        assert server_of(app).database.sweep(collect_garbage) == removed
    with server_of(app).database.engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(result)) == 0
    # Its number is forgotten with it, so a client that was away begins anew.
    assert push(client, put(1, "b", 1))["results"][0]["status"] == "applied"


def test_a_client_that_writes_is_kept(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    push(client, put(1, "a", 1))
    with server_of(app).database.engine.begin() as connection:
        connection.execute(update(table).values(used_at=1))
    push(client, put(2, "b", 1))
    assert server_of(app).database.sweep(collect_garbage).clients == 0


def test_compare_and_set_of_one_item(client: FlaskClient) -> None:
    made = client.put(address("a/b"), json={"value": "1"}, headers={"If-None-Match": "*"})
    assert (made.status_code, made.json) == (200, {"rev": 1})
    read = client.get(address("a/b"))
    assert read.headers["ETag"] == made.headers["ETag"]
    assert client.get(address("a/b"), headers={"If-None-Match": made.headers["ETag"]}).status_code == 304
    changed = client.put(address("a/b"), json={"value": "2"}, headers={"If-Match": read.headers["ETag"]})
    assert changed.json == {"rev": 2}
    stale = client.put(address("a/b"), json={"value": "3"}, headers={"If-Match": read.headers["ETag"]})
    assert (stale.status_code, stale.json["error"]["current"]["value"]) == (412, "2")  # type: ignore[index]
    gone = client.delete(address("a/b"), headers={"If-Match": changed.headers["ETag"]})
    assert gone.json == {"rev": 3}
    assert client.get(address("a/b")).status_code == 404
