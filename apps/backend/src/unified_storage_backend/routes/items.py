"""Single items of version 2, with compare-and-set through ETags."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection

from ..answers import ReadAnswer, RevAnswer
from ..auth import space_of
from ..body import body_of, only_query
from ..describe import describe
from ..errors import ApiError
from ..keys import key_from_base64url
from ..messages import NewValue
from ..server import server
from ..store.items import Item, read_item
from ..store.writer import SpaceWriter
from .writing import check_value, write_space

routes = Blueprint("items", __name__, url_prefix="/v2/spaces/<space_id>/items")

Precondition = Callable[[Item, str], bool]

_tag = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_tags = re.compile(rf"{_tag.pattern}(\s*,\s*{_tag.pattern})*")


@routes.get("/<key>")
@describe(
    "An item, with a strong ETag",
    ReadAnswer,
    errors=(304, 400, 401, 404, 412),
    headers=("If-Match", "If-None-Match"),
)
def get_item(space_id: str, key: str) -> Response:
    only_query()
    wanted = key_from_base64url(key)

    def work(connection: Connection) -> tuple[Item, str]:
        space = space_of(connection, space_id, "viewer")
        return read_item(connection, space.id, wanted), space.epoch

    item, epoch = server().database.read(work)
    if item.deleted:
        raise ApiError(404, "There is no such key.")
    response = jsonify(key=wanted.decode(), rev=item.rev, value=item.value)
    response.headers["ETag"] = _etag(item, epoch)
    response.headers["Cache-Control"] = "no-cache, private"
    response.make_conditional(request)
    if response.status_code == 412:
        raise ApiError(412, "The item is not as expected.", current=item.as_json())
    return response


@routes.put("/<key>")
@describe(
    "Puts JSON text where the item is as expected",
    RevAnswer,
    body=NewValue,
    errors=(400, 401, 403, 404, 412, 413, 415, 428),
    headers=("If-Match", "If-None-Match"),
)
def put_item(space_id: str, key: str) -> Response:
    only_query()
    wanted = key_from_base64url(key)
    expected = _precondition()
    text = body_of(NewValue).value
    check_value(text)
    return _write(space_id, wanted, text, expected)


@routes.delete("/<key>")
@describe(
    "Deletes an item where it is as expected",
    RevAnswer,
    errors=(400, 401, 403, 404, 412, 428),
    headers=("If-Match", "If-None-Match"),
)
def delete_item(space_id: str, key: str) -> Response:
    only_query()
    return _write(space_id, key_from_base64url(key), None, _precondition())


def _write(space_id: str, key: bytes, value: str | None, expected: Precondition) -> Response:
    def work(writer: SpaceWriter) -> tuple[int, str]:
        writer.load([key])
        current, epoch = writer.current(key), writer.space.epoch
        if not expected(current, epoch):
            raise ApiError(412, "The item is not as expected.", current=current.as_json(), head=writer.head)
        if value is None and current.deleted:
            return current.rev, epoch
        return writer.write(key, value), epoch

    rev, epoch = write_space(space_id, work)
    response = jsonify(rev=rev)
    if value is not None:
        response.headers["ETag"] = f'"{epoch}-{rev}"'
    return response


def _precondition() -> Precondition:
    """What the request expects of the item. Raises ApiError (PRECONDITION_REQUIRED, BAD_REQUEST)."""
    match, none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if match is None and none_match is None:
        raise ApiError(428, "Send If-Match with the ETag you saw, or If-None-Match: * for a new key.")
    if match is not None and none_match is not None:
        raise ApiError(400, "Send If-Match or If-None-Match, not both.")
    if none_match is not None:
        if none_match.strip() != "*":
            raise ApiError(400, "If-None-Match of a write is *.")
        return lambda item, _epoch: item.deleted
    if match is not None and match.strip() == "*":
        return lambda item, _epoch: not item.deleted
    tags = _strong_tags(match or "")
    return lambda item, epoch: not item.deleted and _etag(item, epoch) in tags


def _strong_tags(header: str) -> set[str]:
    if not _tags.fullmatch(header.strip()):
        raise ApiError(400, "If-Match is not a list of ETags.")
    # A weak one never matches: what is only similar must not be overwritten.
    return {f'"{tag}"' for weak, tag in _tag.findall(header) if not weak}


def _etag(item: Item, epoch: str) -> str:
    return f'"{epoch}-{item.rev}"'
