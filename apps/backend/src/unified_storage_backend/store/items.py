"""Reading the items of a space."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, LargeBinary, Row, Select, bindparam, cast, func, select

from ..tables import item, space
from .prepared import Prepared

# Rows are fetched in portions, so that a page that is full by bytes leaves the rest in the database.
FETCH = 50
MOST_KEYS = 512


class Item(NamedTuple):
    """One key of a space; `value` is JSON text, and None where the item was deleted."""

    key: bytes
    rev: int
    deleted: bool
    value: str | None

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key.decode(), "rev": self.rev, "deleted": self.deleted, "value": self.value}


@dataclass(frozen=True)
class Page:
    items: list[Item]
    more: bool


@dataclass(frozen=True)
class SpaceState:
    """Where a space stands: `head` is its newest revision; changes up to `floor` can no longer be listed."""

    id: str
    epoch: str
    head: int
    floor: int


_columns = (item.c.key, item.c.rev, item.c.deleted, item.c.value)
_a_space = select(space.c.id, space.c.epoch, space.c.head, space.c.floor).where(space.c.id == bindparam("space"))
_read_space = Prepared(lambda _engine: _a_space)
_an_item = select(*_columns).where(item.c.space == bindparam("space"), item.c.key == bindparam("key"))
_read_item = Prepared(lambda _engine: _an_item)


def absent(key: bytes) -> Item:
    return Item(key, 0, True, None)


def read_space(connection: Connection, space_id: str) -> SpaceState:
    return SpaceState(*_read_space.run(connection, space=space_id).one())


def read_item(connection: Connection, space_id: str, key: bytes) -> Item:
    """The item or its tombstone; what was never there has revision 0."""
    row = _read_item.run(connection, space=space_id, key=key).one_or_none()
    return _item(row) if row else absent(key)


def read_items(connection: Connection, space_id: str, keys: Sequence[bytes]) -> dict[bytes, Item]:
    """The items and tombstones that there are for these keys."""
    found: dict[bytes, Item] = {}
    for start in range(0, len(keys), MOST_KEYS):
        part = keys[start : start + MOST_KEYS]
        # The last key fills up to a power of two, so that there are few statements.
        count = 1 << (len(part) - 1).bit_length()
        names, statement = _read_some(count)
        padded = [*part, *[part[-1]] * (count - len(part))]
        values: dict[str, Any] = dict(zip(names, padded, strict=True))
        found.update({one.key: one for one in map(_item, statement.run(connection, space=space_id, **values))})
    return found


@lru_cache
def _read_some(count: int) -> tuple[list[str], Prepared]:
    names = [f"key{i}" for i in range(count)]
    keys: list[BindParameter[bytes]] = [bindparam(name) for name in names]
    query = select(*_columns).where(item.c.space == bindparam("space"), item.c.key.in_(keys))
    return names, Prepared(lambda _engine: query)


def read_wanted(connection: Connection, space_id: str, keys: Sequence[bytes], max_bytes: int) -> tuple[list[Item], int]:
    """What there is of these keys, in order, and how many keys that took: not all, where the bytes are many."""
    items: list[Item] = []
    size = done = 0
    for start in range(0, len(keys), FETCH):
        portion = keys[start : start + FETCH]
        found = read_items(connection, space_id, portion)
        for key in portion:
            item = found.get(key) or absent(key)
            size += len(item.value or "")
            if items and size > max_bytes:
                return items, done
            done += 1
            if not item.deleted:
                items.append(item)
    return items, done


def digest_of(connection: Connection, space_id: str, keys: Sequence[bytes], max_length: int) -> str | None:
    """
    SHA-256 of what there is of these keys, in order: `["a","b",1\\n2]`. JSON text on one line, as clients write it, can
    be taken apart in one way only. None where the texts are longer than this; few of them are in memory at once.
    """
    names = json.dumps([key.decode() for key in keys], ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(f"{names[:-1]},".encode())
    length = 0
    for start in range(0, len(keys), FETCH):
        portion = keys[start : start + FETCH]
        found = read_items(connection, space_id, portion)
        if not all(key in found and not found[key].deleted for key in portion):
            # Seldom, so that it may take a second time.
            there = live_among(connection, space_id, keys)
            return digest_of(connection, space_id, [key for key in keys if key in there], max_length)
        texts = [found[key].value or "" for key in portion]
        length += sum(map(len, texts))
        if length > max_length:
            return None
        digest.update(("\n" * (start > 0) + "\n".join(texts)).encode())
    digest.update(b"]")
    return digest.hexdigest()


@dataclass(frozen=True)
class IndexEntry:
    """An item without its value."""

    key: bytes
    rev: int
    bytes: int
    updated_at: int

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key.decode(), "rev": self.rev, "bytes": self.bytes, "updatedAt": self.updated_at}


def index_after(connection: Connection, space_id: str, after: bytes, limit: int) -> list[IndexEntry]:
    """What there is after a key, without the values."""
    columns = (item.c.key, item.c.rev, _bytes_of_value(connection), item.c.updated_at)
    query = select(*columns).where(item.c.space == space_id, item.c.deleted.is_(False), item.c.key > after)
    rows = connection.execute(query.order_by(item.c.key).limit(limit))
    return [IndexEntry(bytes(key), rev, size, updated_at) for key, rev, size, updated_at in rows]


def changes_after(connection: Connection, space_id: str, since: int, limit: int, max_bytes: int) -> Page:
    """What has changed after a revision, oldest first, deletions included."""
    query = select(*_columns).where(item.c.space == space_id, item.c.rev > since).order_by(item.c.rev)
    return _page(connection, query, limit, max_bytes)


def items_after(connection: Connection, space_id: str, after: bytes, limit: int, max_bytes: int) -> Page:
    """What there is after a key, in the order of the keys' bytes."""
    query = _live(space_id).where(item.c.key > after).order_by(item.c.key)
    return _page(connection, query, limit, max_bytes)


def live_items(connection: Connection, space_id: str) -> list[Item]:
    return [_item(row) for row in connection.execute(_live(space_id).order_by(item.c.key))]


def live_among(connection: Connection, space_id: str, keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys that are there."""
    there: set[bytes] = set()
    for start in range(0, len(keys), MOST_KEYS):
        wanted = item.c.key.in_(keys[start : start + MOST_KEYS])
        there.update(connection.scalars(select(item.c.key).where(item.c.space == space_id, ~item.c.deleted, wanted)))
    return there


def live_keys(connection: Connection, space_id: str) -> list[bytes]:
    query = select(item.c.key).where(item.c.space == space_id, item.c.deleted.is_(False)).order_by(item.c.key)
    return list(connection.scalars(query))


def stats(connection: Connection, space_id: str) -> tuple[int, int]:
    """How many keys there are, and the bytes of their keys and values as UTF-8."""
    size = func.length(item.c.key) + _bytes_of_value(connection)
    query = select(func.count(), func.coalesce(func.sum(size), 0))
    keys, total = connection.execute(query.where(item.c.space == space_id, item.c.deleted.is_(False))).one()
    return keys, int(total)


def _bytes_of_value(connection: Connection) -> ColumnElement[int]:
    if connection.dialect.name == "sqlite":
        return func.length(cast(item.c.value, LargeBinary))
    return func.octet_length(item.c.value)


def _live(space_id: str) -> Select[Any]:
    return select(*_columns).where(item.c.space == space_id, item.c.deleted.is_(False))


def _page(connection: Connection, query: Select[Any], limit: int, max_bytes: int) -> Page:
    items: list[Item] = []
    size = 0
    rows = connection.execution_options(yield_per=FETCH).execute(query.limit(limit + 1))
    with rows:
        for row in rows:
            size += len(row.key) + len(row.value or "")
            if len(items) == limit or (items and size > max_bytes):
                return Page(items, True)
            items.append(_item(row))
    return Page(items, False)


def _item(row: Row[Any]) -> Item:
    return Item(bytes(row.key), row.rev, bool(row.deleted), row.value)
