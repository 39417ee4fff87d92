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


class SpaceWriter:
    """For who holds the space's row (`membership` with `lock`): the order of commits is the order of revisions."""

    def __init__(self, connection: Connection, space: Membership) -> None:
        self.connection = connection
        self.space = space
        self.head = space.head
        self.now = now()
        self._known: dict[bytes, Item | None] = {}
        self._rows: dict[bytes, ItemRow] = {}

    def load(self, keys: Iterable[bytes]) -> None:
        """Reads the present state of keys that will be written."""
        wanted = dict.fromkeys(keys)
        self._known |= wanted
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
        """Sends everything to the database, once."""
        if not self._rows:
            return
        _put_items.run(self.connection, list(self._rows.values()))
        _move_head.run(self.connection, id=self.space.id, new_head=self.head)
        self._rows = {}


def _upsert(engine: str) -> ClauseElement:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(item)
    changed = {name: statement.excluded[name] for name in _written}
    upsert: ClauseElement = statement.on_conflict_do_update(index_elements=["space", "key"], set_=changed)
    return upsert


_put_items = PreparedRows(("space", "key", *_written), _upsert)
_move_head = Prepared(
    lambda _engine: update(space).where(space.c.id == bindparam("id")).values(head=bindparam("new_head"))
)
