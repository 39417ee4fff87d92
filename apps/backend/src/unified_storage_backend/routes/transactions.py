"""For clients without a copy of their own: read many keys as one, write many as one, list what there is."""

from typing import Any

from flask import Blueprint
from sqlalchemy import Connection

from ..answers import DigestAnswer, IndexAnswer, SpaceAnswer, TransactionAnswer, WantedAnswer
from ..auth import account_in, space_of
from ..body import body_of, only_query, query_key, query_number
from ..describe import describe
from ..errors import ApiError
from ..keys import base64url, requested_key
from ..messages import StorageName, TransactionBody, WantedKeys, WriteBody
from ..server import server
from ..store.items import digest_of, index_after, read_space, read_wanted
from ..store.spaces import storage_space
from ..store.transaction import Step, Transaction, transact
from ..store.writer import SpaceWriter
from .sync import check_epoch
from .writing import check_value, write_as_user

routes = Blueprint("transactions", __name__, url_prefix="/v2")


@routes.post("/storages")
@describe(
    "The user's own space for the storage of this name, made when there is none",
    SpaceAnswer,
    body=StorageName,
    errors=(400, 401, 403, 413, 415, 426),
)
def open_storage() -> dict[str, Any]:
    only_query()
    name = body_of(StorageName).name

    def work(connection: Connection) -> dict[str, Any]:
        return storage_space(connection, account_in(connection).id, name).as_json()

    return server().database.write(work)


@routes.post("/spaces/<space_id>/transactions")
@describe(
    "Carries out writes all or not at all, and at most once",
    TransactionAnswer,
    body=TransactionBody,
    errors=(400, 401, 403, 404, 409, 413, 415, 422, 426),
)
def create_transaction(space_id: str) -> dict[str, Any]:
    only_query()
    limits = server().config.limits
    body = body_of(TransactionBody, limits.transaction_bytes)
    if len(body.writes) > limits.transaction_writes:
        raise ApiError(413, f"A transaction has at most {limits.transaction_writes} writes.")
    steps = [_step(place, write) for place, write in enumerate(body.writes)]
    transaction = Transaction(body.id, body.head, steps)

    def work(writer: SpaceWriter, account: str) -> dict[str, Any]:
        check_epoch(writer.space.epoch, body.epoch, writer.head)
        answer = transact(writer, account, body.client, transaction)
        return {"epoch": writer.space.epoch, "head": writer.head, **answer}

    return write_as_user(space_id, work)


def _step(place: int, write: WriteBody) -> Step:
    """Raises ApiError (BAD_REQUEST, INVALID_KEY, INVALID_VALUE): one that can never be valid stops all of them."""
    if (write.value is None) != (write.op != "put"):
        raise ApiError(400, f"writes.{place}: a put has a value, and nothing else has one.")
    if write.op == "clear":
        if place or write.key is not None or write.base is not None:
            raise ApiError(400, f"writes.{place}: clear comes first, and has no key and no base.")
        return Step("clear", b"", None, None)
    if write.op == "check" and write.base is None:
        raise ApiError(400, f"writes.{place}: a check has a base.")
    if write.value is not None:
        check_value(write.value, f"writes.{place}: ")
    return Step(write.op, requested_key(write.key), write.base, write.value)


@routes.post("/spaces/<space_id>/read")
@describe(
    "The items of many keys, as they are at one moment",
    WantedAnswer,
    body=WantedKeys,
    errors=(400, 401, 403, 404, 413, 415, 426),
)
def read(space_id: str) -> dict[str, Any]:
    keys = _wanted_keys()
    max_bytes = server().config.limits.page_bytes

    def work(connection: Connection) -> dict[str, Any]:
        space = read_space(connection, space_of(connection, space_id, "viewer").id)
        items, done = read_wanted(connection, space.id, keys, max_bytes)
        found = [item.as_json() for item in items]
        return {"epoch": space.epoch, "head": space.head, "done": done, "items": found}

    return server().database.read(work)


@routes.post("/spaces/<space_id>/digest")
@describe(
    "A hash of the items of many keys, as they are at one moment",
    DigestAnswer,
    body=WantedKeys,
    errors=(400, 401, 403, 404, 413, 415, 426),
)
def digest(space_id: str) -> dict[str, Any]:
    keys = _wanted_keys()

    def work(connection: Connection) -> dict[str, Any]:
        space = read_space(connection, space_of(connection, space_id, "viewer").id)
        # As much as one transaction may have written.
        most = server().config.limits.transaction_bytes
        digest = digest_of(connection, space.id, keys, most)
        if digest is None:
            raise ApiError(413, f"These values are longer than {most} characters; ask for fewer of them.")
        return {"epoch": space.epoch, "head": space.head, "digest": digest}

    return server().database.read(work)


def _wanted_keys() -> list[bytes]:
    """Raises ApiError (BAD_REQUEST, INVALID_KEY, TOO_LARGE)."""
    only_query()
    most = server().config.limits.page_items
    keys = [requested_key(key) for key in body_of(WantedKeys).keys]
    if len(keys) > most:
        raise ApiError(413, f"At most {most} keys are read at a time.")
    return keys


@routes.get("/spaces/<space_id>/index")
@describe(
    "Everything that there is, without the values, in the order of the keys' bytes, a page at a time",
    IndexAnswer,
    query={
        "after": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000},
    },
    errors=(400, 401, 404, 426),
)
def index(space_id: str) -> dict[str, Any]:
    only_query("after", "limit")
    after = query_key("after")
    limit = query_number("limit", 1000, 1, server().config.limits.index_items)

    def work(connection: Connection) -> dict[str, Any]:
        space = read_space(connection, space_of(connection, space_id, "viewer").id)
        found = index_after(connection, space.id, after, limit + 1)
        more = len(found) > limit
        items = [entry.as_json() for entry in found[:limit]]
        following = base64url(found[limit - 1].key) if more else None
        return {"epoch": space.epoch, "head": space.head, "next": following, "more": more, "items": items}

    return server().database.read(work)
