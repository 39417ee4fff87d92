"""Two users do anything in any order, in spaces of their own and shared ones; an oracle knows every answer."""

import hashlib
import itertools
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from .budget import budget, seed_of, write_down
from .oracle import RESERVED, Oracle, Refused, base64url
from .people import Person, sign_up
from .test_random_requests import count_answers, failed

STORIES = budget("STORIES", 25)
STEPS = 20
USERS = st.sampled_from(["ann", "bob"])
ROLES = st.sampled_from(["viewer", "editor", "owner"])
KEYS = st.sampled_from(["a", "a", "keys", "é/\0😀"])
VALUES = st.sampled_from([0, None, "ü", [1], {"b": 1, "a": None}, 1.5])
TEXTS = st.sampled_from(["1", ' {"a": 1.50}', '"é"', "null"])
# What a client may believe of an item: the truth, nothing, something older, something else.
BELIEFS = st.sampled_from(["current", "current", "nothing", "older", "other"])
# Mostly one's own first space and the one that is shared from the beginning.
PLACES = st.sampled_from([0, 0, 4, 4, 4, 1, 2, 3, 5])
CLIENTS = st.sampled_from(["laptop", "phone"])
EDIT = st.tuples(
    st.sampled_from(["put", "put", "put", "put", "delete", "delete", "rename"]),
    # Now and then what can never be valid.
    st.sampled_from(["a", "a", "a", "keys", "é/\0😀", ""]),
    BELIEFS,
    st.sampled_from(["1", ' {"a": 1.50}', '"é"', "null", "[]", "{"]),
)
# How many numbers a push leaves out, and what of a repeated one is not as it was.
SKIPS = st.sampled_from([0, 0, 0, 1])
CHANGES = st.sampled_from(["", "", "", "base", "epoch"])
PUSH = st.tuples(CLIENTS, st.lists(EDIT, max_size=4), SKIPS, st.integers(0, 12))
# Of a transaction, which may expect nothing of what is there; one that can never be valid hides all others.
WRITE = st.tuples(
    st.sampled_from(["put", "put", "delete", "check"]),
    st.sampled_from(["a"] * 9 + ["keys", "é/\0😀", ""]),
    st.one_of(st.none(), BELIEFS, st.just("nothing")),
    st.sampled_from(["1", ' {"a": 1.50}', '"é"', "null", "[]"] * 3 + ["{"]),
)
TRANSACTION = st.tuples(CLIENTS, st.booleans(), st.lists(WRITE, max_size=3), SKIPS, st.sampled_from([None, None, 0, 1]))
serial = itertools.count()


def hash_of(items: list[Any]) -> str:
    names = json.dumps([item["key"] for item in items], ensure_ascii=False, separators=(",", ":"))
    texts = "\n".join(item["value"] for item in items)
    return hashlib.sha256(f"{names[:-1]},{texts}]".encode()).hexdigest()


class Story(RuleBasedStateMachine):
    """Every step is a request, or a few; its answer is compared with what the oracle says."""

    app: Flask
    wrong = 0

    @initialize(role=st.sampled_from(["editor", "editor", "owner", "viewer"]))
    def begin(self, role: str) -> None:
        self.oracle = Oracle()
        self.people: dict[str, Person] = {}
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.transacted: list[tuple[str, str, dict[str, Any]]] = []
        # One server serves all stories, so everybody is new in each.
        story = next(serial)
        self.names = {user: f"{user}-{story}" for user in ("ann", "bob", "nobody")}
        for user in ("ann", "bob"):
            person = self.people[user] = sign_up(self.app, self.names[user])
            space = person.space()
            self.oracle.add_space(person.name, space["id"], space["name"], space["epoch"])
        # Most of what can go wrong needs a space that two share.
        self.create_space("ann")
        self.set_role("ann", 4, "bob", role)

    # Spaces and members

    @rule(user=USERS)
    def create_space(self, user: str) -> None:
        answer: Any = self.ask(user, "POST", "/v2/spaces", {"name": "shared"}).json
        self.oracle.add_space(self.names[user], answer["id"], "shared", answer["epoch"])
        assert answer == self.oracle.listed(self.names[user])[-1]

    @rule(user=USERS, place=PLACES, other=st.sampled_from(["ann", "bob", "bob", "nobody"]), role=ROLES)
    def set_role(self, user: str, place: int, other: str, role: str) -> None:
        address, name = self.address(place), self.names[other]
        self.check(
            lambda: self.oracle.set_role(self.names[user], address, name, role),
            self.ask(user, "PUT", f"/v2/spaces/{address}/members/{name}", {"role": role}),
        )

    @rule(user=USERS, place=PLACES, other=st.sampled_from(["ann", "bob", "nobody"]))
    def remove_member(self, user: str, place: int, other: str) -> None:
        address, name = self.address(place), self.names[other]
        self.check(
            lambda: self.oracle.remove(self.names[user], address, name),
            self.ask(user, "DELETE", f"/v2/spaces/{address}/members/{name}"),
        )

    @rule(user=USERS, place=PLACES)
    def delete_space(self, user: str, place: int) -> None:
        address = self.address(place)
        self.check(
            lambda: self.oracle.delete_space(self.names[user], address),
            self.ask(user, "DELETE", f"/v2/spaces/{address}"),
        )

    # Version 1

    @rule(user=USERS, key=KEYS, value=VALUES, method=st.sampled_from(["PUT", "POST"]))
    def put(self, user: str, key: str, value: object, method: str) -> None:
        answer = self.ask(user, method, storage(key), {"value": value})
        self.check(lambda: self.oracle.put(self.names[user], key, value), answer)

    @rule(user=USERS, key=KEYS)
    def delete(self, user: str, key: str) -> None:
        self.check(lambda: self.oracle.delete(self.names[user], key), self.ask(user, "DELETE", storage(key)))

    @rule(user=USERS)
    def clear(self, user: str) -> None:
        self.check(lambda: self.oracle.clear(self.names[user]), self.ask(user, "POST", "/api/storage/clear", {}))

    @rule(user=USERS, data=st.dictionaries(KEYS, VALUES, max_size=4))
    def import_(self, user: str, data: dict[str, Any]) -> None:
        answer = self.ask(user, "POST", "/api/storage/import", data)
        self.check(lambda: self.oracle.import_(self.names[user], data), answer)

    @rule(user=USERS, key=KEYS)
    def read_all_of_version_1(self, user: str, key: str) -> None:
        name = self.names[user]
        if key not in RESERVED:
            self.check(lambda: self.oracle.get(name, key), self.ask(user, "GET", storage(key)))
        for part in ("keys", "export", "stats"):
            self.check(partial(getattr(self.oracle, part), name), self.ask(user, "GET", f"/api/storage/{part}"))

    # Version 2

    @rule(user=USERS, place=PLACES, key=KEYS)
    def read(self, user: str, place: int, key: str) -> None:
        address = self.address(place)
        answer = self.ask(user, "GET", item(address, key))
        self.check(lambda: self.oracle.read(self.names[user], address, key), answer)

    @rule(user=USERS, place=PLACES, key=KEYS, text=st.one_of(TEXTS, st.none()), belief=BELIEFS)
    def write(self, user: str, place: int, key: str, text: str | None, belief: str) -> None:
        address = self.address(place)
        expected = None if belief == "other" else self.believed(user, address, key, belief)
        epoch = self.epoch(user, address)
        header = {"If_Match": "*"} if expected is None else {"If_Match": f'"{epoch}-{expected}"'}
        if expected == 0:
            header = {"If_None_Match": "*"}
        body = None if text is None else {"value": text}
        answer = self.ask(user, "DELETE" if text is None else "PUT", item(address, key), body, **header)
        self.check(lambda: self.oracle.write(self.names[user], address, key, text, expected), answer)

    @rule(user=USERS, place=PLACES, pushes=st.lists(PUSH, min_size=1, max_size=4))
    def push(self, user: str, place: int, pushes: list[tuple[str, list[tuple[str, str, str, str]], int, int]]) -> None:
        address = self.address(place)
        for client, edits, skip, since in pushes:
            first = 1 + skip + self.last_mutation(user, address, client)
            mutations = [
                {"id": number, "op": op, "key": key, "base": self.believed(user, address, key, belief), "value": text}
                for number, (op, key, belief, text) in enumerate(edits, first)
            ]
            self.send(user, address, {"epoch": self.epoch(user, address), "client": client, "mutations": mutations})
            self.list_changes(user, place, since, 2, known=True)
            self.repeat(since, since % 4, "base" if skip else "")

    @rule(which=st.integers(0), part=st.integers(0, 3), change=CHANGES)
    def repeat(self, which: int, part: int, change: str) -> None:
        """Whatever was sent once may come again: whole or in part, late, by another user, or with another body."""
        if not self.sent:
            return
        sender, address, body = self.sent[which % len(self.sent)]
        mutations = [dict(mutation) for mutation in body["mutations"][part % 2 : len(body["mutations"]) - part // 2]]
        if change == "base" and mutations:
            mutations[0]["base"] += 1
        changed = {"mutations": mutations} | ({"epoch": "foreign"} if change == "epoch" else {})
        other = "bob" if sender == "ann" else "ann"
        self.send(other if part == 3 else sender, address, body | changed, again=True)

    @rule(user=USERS, place=PLACES, since=st.integers(0, 12), limit=st.sampled_from([1, 2, 1000]), known=st.booleans())
    def list_changes(self, user: str, place: int, since: int, limit: int, known: bool) -> None:
        address = self.address(place)
        epoch = self.epoch(user, address) if known else "foreign"
        query = f"epoch={epoch}&since={since}&limit={limit}"
        answer = self.ask(user, "GET", f"/v2/spaces/{address}/changes?{query}")
        self.check(lambda: self.oracle.changes(self.names[user], address, epoch, since, limit), answer)

    @rule(user=USERS, place=PLACES, after=st.one_of(KEYS, st.just("")), limit=st.sampled_from([1, 2, 1000]))
    def page_through(self, user: str, place: int, after: str, limit: int) -> None:
        address = self.address(place)
        answer = self.ask(user, "GET", f"/v2/spaces/{address}/snapshot?after={base64url(after)}&limit={limit}")
        self.check(lambda: self.oracle.snapshot(self.names[user], address, after, limit), answer)

    # For clients without a copy of their own

    @rule(user=USERS, name=st.sampled_from(["default", "shared", "app"]))
    def open_storage(self, user: str, name: str) -> None:
        known = self.oracle.storage(self.names[user], name)
        answer: Any = self.ask(user, "POST", "/v2/storages", {"name": name}).json
        if known is None:
            self.oracle.add_space(self.names[user], answer["id"], name, answer["epoch"])
            known = self.oracle.storage(self.names[user], name)
        assert answer == known

    @rule(user=USERS, place=PLACES, transactions=st.lists(TRANSACTION, min_size=1, max_size=4))
    def transact(self, user: str, place: int, transactions: list[Any]) -> None:
        address = self.address(place)
        for client, cleared, edits, skip, late in transactions:
            space = self.space(user, address)
            writes = [self.write_of(user, address, edit) for edit in edits]
            if cleared and skip:
                writes.insert(0, {"op": "clear", "key": None, "base": None, "value": None})
            head = None if late is None or space is None else max(space.head - late, 0)
            number = 1 + self.last_mutation(user, address, client) + (skip and not cleared)
            body = {"epoch": self.epoch(user, address), "client": client, "id": number, "head": head, "writes": writes}
            self.transacted.append((user, address, body))
            self.send_transaction(user, address, body)
            self.transact_again(number, bool(skip), cleared and not skip)

    @rule(which=st.integers(0), other=st.booleans(), changed=st.booleans())
    def transact_again(self, which: int, other: bool, changed: bool) -> None:
        """The same, late; or by another user; or with the number for something else."""
        if not self.transacted:
            return
        sender, address, body = self.transacted[which % len(self.transacted)]
        if other:
            sender = "bob" if sender == "ann" else "ann"
        self.send_transaction(sender, address, body | ({"head": 7} if changed else {}))

    @rule(user=USERS, place=PLACES, keys=st.lists(st.one_of(KEYS, st.sampled_from(["", "b"])), max_size=4))
    def read_many(self, user: str, place: int, keys: list[str]) -> None:
        address = self.address(place)
        answer = self.ask(user, "POST", f"/v2/spaces/{address}/read", {"keys": keys})
        self.check(lambda: self.oracle.read_many(self.names[user], address, keys), answer)
        hashed = self.ask(user, "POST", f"/v2/spaces/{address}/digest", {"keys": keys})
        assert hashed.status_code == answer.status_code
        if hashed.json and answer.json and answer.status_code == 200:
            assert hashed.json["digest"] == hash_of(answer.json["items"])

    @rule(user=USERS, place=PLACES, after=st.one_of(KEYS, st.just("")), limit=st.sampled_from([1, 2, 1000]))
    def list_the_index(self, user: str, place: int, after: str, limit: int) -> None:
        address = self.address(place)
        answer = self.ask(user, "GET", f"/v2/spaces/{address}/index?after={base64url(after)}&limit={limit}")
        self.check(lambda: self.oracle.index(self.names[user], address, after, limit), answer)

    @invariant()
    def everybody_sees_what_is_theirs(self) -> None:
        for user, person in self.people.items():
            answer: Any = self.ask(user, "GET", "/v2/spaces").json
            assert answer["spaces"] == self.oracle.listed(person.name)

    def teardown(self) -> None:
        for user, person in self.people.items():
            for space_id in self.oracle.spaces:
                answer = self.ask(user, "GET", f"/v2/spaces/{space_id}/snapshot?limit=1000")
                self.check(partial(self.oracle.snapshot, person.name, space_id, "", 1000), answer)

    # What the rules share

    def ask(self, user: str, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        return self.people[user].ask(method, path, json, **headers)

    def check(self, question: Callable[[], Any], answer: TestResponse) -> None:
        try:
            status, expected = 200, question()
        except Refused as refusal:
            status, expected = refusal.status, refusal.body
        if (answer.status_code, comparable(answer.json)) != (status, expected):
            Story.wrong += 1
            raise AssertionError(f"{status} {expected} was expected, and not {answer.status_code} {answer.text}")

    def send(self, user: str, address: str, body: dict[str, Any], again: bool = False) -> None:
        answer = self.ask(user, "POST", f"/v2/spaces/{address}/push", body)
        self.check(lambda: self.oracle.push(self.names[user], address, body), answer)
        if not again:
            self.sent.append((user, address, body))

    def send_transaction(self, user: str, address: str, body: dict[str, Any]) -> None:
        answer = self.ask(user, "POST", f"/v2/spaces/{address}/transactions", body)
        self.check(lambda: self.oracle.transact(self.names[user], address, body), answer)

    def write_of(self, user: str, address: str, edit: tuple[str, str, str | None, str]) -> dict[str, Any]:
        op, key, belief, text = edit
        base = self.believed(user, address, key, belief or "current") if belief or op == "check" else None
        return {"op": op, "key": key, "base": base, "value": text if op == "put" else None}

    def address(self, place: int) -> str:
        """A space that there is, whoever owns it, or the first one of whoever asks, or one that there is not."""
        known = ["default", "nowhere", *self.oracle.spaces]
        return known[place % len(known)]

    def space(self, user: str, address: str) -> Any:
        return self.oracle.first(self.names[user]) if address == "default" else self.oracle.spaces.get(address)

    def epoch(self, user: str, address: str) -> str:
        space = self.space(user, address)
        return str(space.epoch) if space else "foreign"

    def last_mutation(self, user: str, address: str, client: str) -> int:
        space = self.space(user, address)
        return int(space.clients[client].last) if space and client in space.clients else 0

    def believed(self, user: str, address: str, key: str, belief: str) -> int:
        space = self.space(user, address)
        rev = int(space.item(key)["rev"]) if space else 0
        return {"current": rev, "nothing": 0, "older": max(rev - 1, 0), "other": 7}[belief]


def storage(key: str) -> str:
    return f"/api/storage/{quote(key, safe='')}"


def item(address: str, key: str) -> str:
    return f"/v2/spaces/{address}/items/{base64url(key)}"


def comparable(answer: Any) -> Any:
    """Without the words, which are for people, and the name of the request."""
    if "error" in answer:
        return {name: value for name, value in answer["error"].items() if name not in ("message", "requestId")}
    for item in answer.get("items", []):
        item.pop("updatedAt", None)
    for result in answer.get("results", []) if isinstance(answer.get("results"), list) else []:
        for outcome in (result, result.get("original") or {}):
            if "why" in outcome:
                outcome["why"] = bool(outcome["why"])
    return answer


@pytest.mark.both_engines
def test_two_users_and_an_oracle(team: Flask, engine: str) -> None:
    answers = count_answers(team)
    Story.app, Story.wrong = team, 0
    chosen = settings(
        max_examples=STORIES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    number = seed_of(engine)
    try:
        run_state_machine_as_test(seed(number)(Story), settings=chosen)
    finally:
        counts = {"requests": sum(answers.values()), "failed": failed(answers), "wrong": Story.wrong}
        write_down(test="stories", engine=engine, stories=STORIES, **counts, seed=number)
    assert not failed(answers)
