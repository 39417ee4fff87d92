"""The sync protocol: push mutations, list changes, fetch a snapshot."""

from typing import Any

from flask import Blueprint
from sqlalchemy import Connection

from ..answers import ChangesAnswer, PushAnswer, SnapshotAnswer
from ..auth import space_of
from ..body import body_of, only_query, query_key, query_number, query_text
from ..describe import describe
from ..errors import ApiError
from ..keys import base64url
from ..messages import PushBody
from ..server import server
from ..store.items import changes_after, items_after, read_space
from ..store.push import MAX_SAFE_INTEGER, Mutation
from ..store.push import push as push_mutations
from ..store.writer import SpaceWriter
from .writing import write_as_user

routes = Blueprint("sync", __name__, url_prefix="/v2/spaces/<space_id>")

_limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 500}


@routes.post("/push")
@describe(
    "Carries out mutations, each at most once",
    PushAnswer,
    body=PushBody,
    errors=(400, 401, 403, 404, 409, 413, 415, 422, 426),
)
def push(space_id: str) -> dict[str, Any]:
    only_query()
    body = body_of(PushBody)
    limits = server().config.limits
    if len(body.mutations) > limits.mutations:
        raise ApiError(413, f"A push has at most {limits.mutations} mutations.")
    mutations = [Mutation(m["id"], m["op"], m["key"], m["base"], m.get("value")) for m in body.mutations]

    def work(writer: SpaceWriter, account: str) -> dict[str, Any]:
        check_epoch(writer.space.epoch, body.epoch, writer.head)
        answer = push_mutations(writer, account, body.client, mutations, limits.value_bytes)
        return {"epoch": writer.space.epoch, "head": writer.head, **answer}

    answer = write_as_user(space_id, work)
    server().metrics.count_push(answer["results"])
    return answer


@routes.get("/changes")
@describe(
    "What has changed after a revision, oldest first",
    ChangesAnswer,
    query={
        "epoch": {"type": "string", "required": True},
        "since": {"type": "integer", "minimum": 0, "maximum": MAX_SAFE_INTEGER, "required": True},
        "limit": _limit,
    },
    errors=(400, 401, 404, 409, 410, 426),
)
def changes(space_id: str) -> dict[str, Any]:
    only_query("epoch", "since", "limit")
    epoch = query_text("epoch", None)
    since = query_number("since", None, 0, MAX_SAFE_INTEGER)
    limits = server().config.limits
    limit = query_number("limit", 500, 1, limits.page_items)

    def work(connection: Connection) -> dict[str, Any]:
        space = read_space(connection, space_of(connection, space_id, "viewer").id)
        check_epoch(space.epoch, epoch, space.head)
        if since > space.head:
            raise ApiError(400, f"There is no revision {since} yet.", head=space.head)
        if since < space.floor:
            raise ApiError(410, "These changes are no longer listed; start again from a snapshot.", head=space.head)
        page = changes_after(connection, space.id, since, limit, limits.page_bytes)
        # Behind the last page lies the head itself, also where the newest revisions were overwritten.
        following = page.items[-1].rev if page.more else space.head
        items = [item.as_json() for item in page.items]
        return {"epoch": epoch, "next": following, "more": page.more, "head": space.head, "items": items}

    return server().database.read(work)


@routes.get("/snapshot")
@describe(
    "Everything that there is, in the order of the keys' bytes, a page at a time",
    SnapshotAnswer,
    query={"after": {"type": "string"}, "limit": _limit},
    errors=(400, 401, 404, 426),
)
def snapshot(space_id: str) -> dict[str, Any]:
    only_query("after", "limit")
    after = query_key("after")
    limits = server().config.limits
    limit = query_number("limit", 500, 1, limits.page_items)

    def work(connection: Connection) -> dict[str, Any]:
        space = read_space(connection, space_of(connection, space_id, "viewer").id)
        page = items_after(connection, space.id, after, limit, limits.page_bytes)
        following = base64url(page.items[-1].key) if page.more else None
        items = [item.as_json() for item in page.items]
        return {"epoch": space.epoch, "head": space.head, "next": following, "more": page.more, "items": items}

    return server().database.read(work)


def check_epoch(ours: str, theirs: str, head: int) -> None:
    """Raises ApiError (EPOCH_CHANGED)."""
    if ours != theirs:
        message = "The server's data was restored from a backup; fetch a snapshot and compare."
        raise ApiError(409, message, "EPOCH_CHANGED", head=head)
