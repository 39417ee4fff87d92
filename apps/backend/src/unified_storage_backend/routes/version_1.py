"""Version 1, for clients of the original system: JSON in and out, on the user's first space."""

import json
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.routing import BaseConverter

from ..answers import ImportAnswer, KeysAnswer, StatsAnswer, Success
from ..auth import space_of
from ..body import json_body, only_query, require_json_type
from ..describe import describe
from ..errors import ApiError
from ..keys import code_unit_order, requested_key
from ..server import server
from ..store.items import live_items, live_keys, read_item, stats
from ..store.spaces import Role
from ..store.writer import SpaceWriter
from ..strict_json import to_text
from .writing import write_space

routes = Blueprint("version_1", __name__, url_prefix="/api/storage")

SPACE = "default"
# These are addresses of version 1 itself; version 2 reaches keys of these names too.
METHODS = {"keys": "GET", "clear": "POST", "export": "GET", "import": "POST", "stats": "GET"}
RESERVED = frozenset(METHODS)


class KeyConverter(BaseConverter):
    """A key may begin with a slash and hold line breaks, which the converter for paths refuses."""

    regex = r"[\s\S]+"
    part_isolating = False


_any_value = {"type": "object", "required": ["value"], "properties": {"value": {}}, "additionalProperties": False}
_flat_object = {"type": "object", "additionalProperties": True}


@routes.after_app_request
def _allow_what_is_there(response: Response) -> Response:
    """The address of every key matches too, but what it allows is refused for these names."""
    name = request.path.removeprefix(f"{routes.url_prefix}/")
    if "Allow" in response.headers and name in METHODS:
        methods = {METHODS[name], "OPTIONS"} | ({"HEAD"} if METHODS[name] == "GET" else set())
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


@routes.get("/keys")
@describe("All keys, sorted by code units", KeysAnswer, errors=(401,))
def get_keys() -> dict[str, Any]:
    only_query()
    keys = server().database.read(lambda connection: live_keys(connection, _space(connection, "viewer")))
    return {"keys": sorted((key.decode() for key in keys), key=code_unit_order)}


@routes.get("/export")
@describe("Everything, as one flat object", _flat_object, errors=(401,))
def export() -> Response:
    only_query()
    items = server().database.read(lambda connection: live_items(connection, _space(connection, "viewer")))
    members = (f"{json.dumps(item.key.decode(), ensure_ascii=False)}:{item.value}" for item in items)
    return _json("{" + ",".join(members) + "}")


@routes.get("/stats")
@describe("How many keys there are, and the bytes of keys and values", StatsAnswer, errors=(401,))
def get_stats() -> dict[str, int]:
    only_query()
    keys, size = server().database.read(lambda connection: stats(connection, _space(connection, "viewer")))
    return {"total_keys": keys, "total_size_bytes": size}


@routes.post("/clear")
@describe("Deletes everything", Success, body=_flat_object, errors=(400, 401, 403, 413, 415))
def clear() -> dict[str, bool]:
    only_query()
    require_json_type()
    if request.get_data() and not isinstance(json_body(), dict):
        raise ApiError(400, "The body is {} or empty.")

    def work(writer: SpaceWriter) -> None:
        for key in live_keys(writer.connection, writer.space.id):
            writer.write(key, None)

    write_space(SPACE, work)
    return {"success": True}


@routes.post("/import")
@describe(
    "Puts every member of a flat object, all or nothing",
    ImportAnswer,
    body=_flat_object,
    errors=(400, 401, 403, 413, 415),
)
def import_() -> dict[str, Any]:
    only_query()
    data = json_body(server().config.limits.import_bytes)
    if not isinstance(data, dict):
        raise ApiError(400, "An import is one flat object: key to value.")
    entries = [(requested_key(key), _text_of(value)) for key, value in data.items()]

    def work(writer: SpaceWriter) -> None:
        for key, text in entries:
            writer.write(key, text)

    write_space(SPACE, work)
    return {"success": True, "imported": len(entries)}


@routes.get("/<storage_key:key>")
@describe("The value of a key", _any_value, errors=(400, 401, 404))
def get_item(key: str) -> Response:
    only_query()
    wanted = _key(key)
    item = server().database.read(lambda connection: read_item(connection, _space(connection, "viewer"), wanted))
    if item.deleted:
        raise ApiError(404, "There is no such key.")
    return _json(f'{{"value":{item.value}}}')


@routes.route("/<storage_key:key>", methods=["PUT", "POST"])
@describe("Puts a value", Success, body=_any_value, errors=(400, 401, 403, 413, 415))
def put_item(key: str) -> dict[str, bool]:
    only_query()
    wanted = _key(key)
    body = json_body()
    if not isinstance(body, dict) or set(body) != {"value"}:
        raise ApiError(400, 'The body is {"value": ...} and nothing else.')
    text = _text_of(body["value"])

    def work(writer: SpaceWriter) -> None:
        writer.write(wanted, text)

    write_space(SPACE, work)
    return {"success": True}


@routes.delete("/<storage_key:key>")
@describe("Deletes a key", Success, errors=(400, 401, 403, 404))
def delete_item(key: str) -> dict[str, bool]:
    only_query()
    wanted = _key(key)

    def work(writer: SpaceWriter) -> None:
        writer.load([wanted])
        if writer.current(wanted).deleted:
            raise ApiError(404, "There is no such key.")
        writer.write(wanted, None)

    write_space(SPACE, work)
    return {"success": True}


def _space(connection: Connection, role: Role) -> str:
    return space_of(connection, SPACE, role).id


def _key(key: str) -> bytes:
    # Werkzeug would turn bytes that are no UTF-8 into another key.
    try:
        request.environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise ApiError(400, "The key in the address is not UTF-8.", "INVALID_KEY") from None
    if key in RESERVED:
        raise ApiError(400, f'Version 1 cannot reach a key named "{key}"; use version 2.', "INVALID_KEY")
    return requested_key(key)


def _text_of(value: Any) -> str:
    text = to_text(value)
    most = server().config.limits.value_bytes
    if len(text.encode()) > most:
        raise ApiError(413, f"A value is larger than {most} bytes; split it over several keys.")
    return text


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
