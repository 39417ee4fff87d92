"""Many writers at once: every acknowledged write is there once, and revisions have no gaps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import select

from unified_storage_backend.server import server_of
from unified_storage_backend.tables import item, metadata, space

pytestmark = pytest.mark.both_engines

WRITERS = 8
PUSHES = 10
BATCH = 5


def push_all(app: Flask, epoch: str, writer: int, owner: object) -> int:
    """Sends every push twice, as after a lost answer, and answers how many mutations were applied."""
    client, applied = app.test_client(), 0
    for number in range(PUSHES):
        ids = range(number * BATCH + 1, (number + 1) * BATCH + 1)
        mutations = [{"id": i, "op": "put", "key": f"{owner}/{i}", "base": 0, "value": str(i)} for i in ids]
        body = {"epoch": epoch, "client": f"writer-{writer}", "mutations": mutations}
        for _ in range(2):
            answer: Any = client.post("/v2/spaces/default/push", json=body)
            assert answer.status_code == 200, answer.text
            applied += sum(result["status"] == "applied" for result in answer.json["results"])
    return applied


def test_y3_concurrent_pushes_apply_each_mutation_once(app: Flask) -> None:
    assert all_at_once(app, lambda writer: writer) == [PUSHES * BATCH] * WRITERS
    assert_no_gaps(app, WRITERS * PUSHES * BATCH)


def test_y3_of_all_who_make_a_key_at_once_one_does(app: Flask) -> None:
    assert sum(all_at_once(app, lambda _: "shared")) == PUSHES * BATCH
    assert_no_gaps(app, PUSHES * BATCH)


def all_at_once(app: Flask, owner_of: Callable[[int], object]) -> list[int]:
    session: Any = app.test_client().get("/v2/session").json
    epoch = session["spaces"][0]["epoch"]
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(lambda writer: push_all(app, epoch, writer, owner_of(writer)), range(WRITERS)))


def assert_no_gaps(app: Flask, count: int) -> None:
    with server_of(app).database.engine.begin() as connection:
        revs = list(connection.scalars(select(item.c.rev).order_by(item.c.rev)))
        head = connection.scalar(select(space.c.head))
    assert revs == list(range(1, count + 1))
    assert head == count


def test_x19_concurrent_counting_loses_nothing(app: Flask) -> None:
    def count(_: int) -> None:
        client, done = app.test_client(), 0
        while done < 10:
            read: Any = client.get("/v2/spaces/default/items/bg")
            tag = {"If-Match": read.headers["ETag"]} if read.status_code == 200 else {"If-None-Match": "*"}
            value = str(int(read.json["value"]) + 1) if read.status_code == 200 else "1"
            written = client.put("/v2/spaces/default/items/bg", json={"value": value}, headers=tag)
            assert written.status_code in (200, 412), written.text
            done += written.status_code == 200

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    assert app.test_client().get("/api/storage/n").json == {"value": 40}


def test_migrations_lead_to_the_tables_of_the_code(app: Flask) -> None:
    with server_of(app).database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
