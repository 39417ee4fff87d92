"""Writing to a space: one writer a transaction gives out the revisions and keeps what it wrote until the end."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from ..tables import item, space
from .clock import now
from .items import Item, absent, read_items
from .prepared import Prepared, PreparedRows
from .spaces import Membership

_written = ("rev", "deleted", "value", "client", "mutation", "updated_at")
ItemRow = tuple[str, bytes, int, bool, str | None, str | None, int | None, int]


class KeyTaken(Exception):
    """Something is there of what was taken for new: the transaction is to run again, and to look first."""


class SpaceWriter:
    """For who holds the space's row (`membership` with `lock`): the order of commits is the order of revisions."""

    def __init__(self, connection: Connection, space: Membership, looks_first: bool = True) -> None:
        self.connection = connection
        self._looks_first = looks_first
        self._takes_for_new = False
        self.space = space
        self.head = space.head
        self.now = now()
        self._known: dict[bytes, Item | None] = {}
        self._rows: dict[bytes, ItemRow] = {}

    def load(self, keys: Iterable[bytes], are_new: bool = False) -> None:
        """
        Reads the present state of keys that will be written. Who says that they are new spares the reading, unless the
        writer looks first: `finish` sees whether it is so.
        """
        wanted = dict.fromkeys(keys)
        self._known |= wanted
        self._takes_for_new = are_new and not self._looks_first
        if not self._takes_for_new:
            self._known |= read_items(self.connection, self.space.id, list(wanted))

    def current(self, key: bytes) -> Item:
        """The item as this transaction has it so far; `load` comes first."""
        written = self._rows.get(key)
        return Item(*written[1:5]) if written else self._known[key] or absent(key)

    def write(self, key: bytes, value: str | None, client: str | None = None, mutation: int | None = None) -> int:
        """Puts JSON text, or deletes with None; answers the new revision."""
        self.head = rev = self.head + 1
        self._rows[key] = (self.space.id, key, rev, value is None, value, client, mutation, self.now)
        return rev

    def finish(self) -> None:
        """Sends everything to the database, once. Raises KeyTaken."""
        if not self._rows:
            return
        rows = list(self._rows.values())
        if not self._takes_for_new:
            _put_items.run(self.connection, rows)
        elif _create_items.run(self.connection, rows) != len(rows):
            raise KeyTaken
        _move_head.run(self.connection, id=self.space.id, new_head=self.head)
        self._rows = {}


def _upsert(engine: str) -> ClauseElement:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(item)
    changed = {name: statement.excluded[name] for name in _written}
    upsert: ClauseElement = statement.on_conflict_do_update(index_elements=["space", "key"], set_=changed)
    return upsert


def _insert_new(engine: str) -> ClauseElement:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(item)
    insert_new: ClauseElement = statement.on_conflict_do_nothing()
    return insert_new


_put_items = PreparedRows(("space", "key", *_written), _upsert)
_create_items = PreparedRows(("space", "key", *_written), _insert_new)
_move_head = Prepared(
    lambda _engine: update(space).where(space.c.id == bindparam("id")).values(head=bindparam("new_head"))
)
