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
    """Something is there under a key that should be new: the transaction is to run again, and to look first."""


class SpaceWriter:
    """For who holds the space's row (`membership` with `lock`): the order of commits is the order of revisions."""

    def __init__(self, connection: Connection, space: Membership, looks_first: bool = True) -> None:
        self.connection = connection
        self._looks_first = looks_first
        self.space = space
        self.head = space.head
        self.now = now()
        self._known: dict[bytes, Item | None] = {}
        self._unseen: set[bytes] = set()
        self._rows: dict[bytes, ItemRow] = {}

    def load(self, keys: Iterable[bytes]) -> None:
        """Reads the present state of keys that will be written."""
        wanted = dict.fromkeys(keys)
        self._known |= wanted
        self._known |= read_items(self.connection, self.space.id, list(wanted))

    def expect_new(self, keys: Iterable[bytes]) -> None:
        """The same of keys under which nothing should be; only who looks first reads them, else `finish` sees to it."""
        if self._looks_first:
            self.load(keys)
            return
        self._unseen.update(keys)
        self._known |= dict.fromkeys(self._unseen)

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
        seen = [row for key, row in self._rows.items() if key not in self._unseen]
        unseen = [row for key, row in self._rows.items() if key in self._unseen]
        if unseen and _create_items.run(self.connection, unseen) != len(unseen):
            raise KeyTaken
        if seen:
            _put_items.run(self.connection, seen)
        _move_head.run(self.connection, id=self.space.id, new_head=self.head)
        self._rows = {}


def _upsert(engine: str, **options: Any) -> ClauseElement:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(item)
    changed = {name: statement.excluded[name] for name in _written}
    upsert: ClauseElement = statement.on_conflict_do_update(index_elements=["space", "key"], set_=changed, **options)
    return upsert


_put_items = PreparedRows(("space", "key", *_written), _upsert)
# A tombstone is nothing that is there.
_create_items = PreparedRows(
    ("space", "key", *_written), lambda engine: _upsert(engine, where=item.c.deleted.is_(True))
)
_move_head = Prepared(
    lambda _engine: update(space).where(space.c.id == bindparam("id")).values(head=bindparam("new_head"))
)
