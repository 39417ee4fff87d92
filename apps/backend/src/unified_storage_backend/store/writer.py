"""Writing to a space: one writer a transaction gives out the revisions and keeps what it wrote until the end."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import item, space
from .clock import now
from .items import Item, absent, read_items, read_space
from .prepared import Prepared, PreparedRows

_written = ("rev", "deleted", "value", "client", "mutation", "updated_at")
ItemRow = tuple[str, bytes, int, bool, str | None, str | None, int | None, int]


class SpaceWriter:
    """Holds the space's row from the start, so the order of commits is the order of revisions."""

    def __init__(self, connection: Connection, space_id: str) -> None:
        self.connection = connection
        self.space = read_space(connection, space_id, lock=True)
        self.head = self.space.head
        self.now = now()
        self._known: dict[bytes, Item] = {}
        self._rows: dict[bytes, ItemRow] = {}

    def load(self, keys: Iterable[bytes]) -> None:
        """Reads the present state of keys that will be written."""
        wanted = list(dict.fromkeys(keys))
        found = read_items(self.connection, self.space.id, wanted)
        for key in wanted:
            self._known[key] = found.get(key) or absent(key)

    def current(self, key: bytes) -> Item:
        """The item as this transaction has it so far; `load` comes first."""
        return self._known[key]

    def write(self, key: bytes, value: str | None, client: str | None = None, mutation: int | None = None) -> int:
        """Puts JSON text, or deletes with None; answers the new revision."""
        self.head = rev = self.head + 1
        deleted = value is None
        self._known[key] = Item(key, rev, deleted, value)
        self._rows[key] = (self.space.id, key, rev, deleted, value, client, mutation, self.now)
        return rev

    def finish(self) -> None:
        """Sends everything to the database, once."""
        if not self._rows:
            return
        _put_items.run(self.connection, list(self._rows.values()))
        _move_head.run(self.connection, id=self.space.id, new_head=self.head)
        self._rows = {}


def _upsert(engine: str) -> Executable:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(item)
    changed = {name: statement.excluded[name] for name in _written}
    upsert: Executable = statement.on_conflict_do_update(index_elements=["space", "key"], set_=changed)
    return upsert


_put_items = PreparedRows(("space", "key", *_written), _upsert)
_move_head = Prepared(
    lambda _engine: update(space).where(space.c.id == bindparam("id")).values(head=bindparam("new_head"))
)
