"""What nobody can need any more."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, update

from ..tables import client, invitation, item, space, token
from .clock import DAY, now

TOMBSTONE_DAYS = 30
# A client that comes back later than this begins anew, under another id: its own is unknown then.
CLIENT_DAYS = 30


@dataclass(frozen=True)
class Removed:
    tombstones: int
    clients: int
    expired: int


def collect_garbage(connection: Connection, days: int = TOMBSTONE_DAYS) -> Removed:
    """Removes tombstones that are older than this, clients that wrote nothing for so long, and what has expired."""
    return Removed(_tombstones(connection, days), _clients(connection), _expired(connection))


def _tombstones(connection: Connection, days: int) -> int:
    """Raises each space's floor to the newest that goes: changes before it can no longer be listed."""
    old = (item.c.deleted.is_(True), item.c.updated_at < now() - days * DAY)
    gone = connection.execute(delete(item).where(*old).returning(item.c.space, item.c.rev)).all()
    newest: dict[str, int] = {}
    for space_id, rev in gone:
        newest[space_id] = max(rev, newest.get(space_id, 0))
    for space_id, rev in newest.items():
        connection.execute(update(space).where(space.c.id == space_id, space.c.floor < rev).values(floor=rev))
    return len(gone)


def _clients(connection: Connection) -> int:
    """With the outcomes of what they wrote. Many clients take a new id at each start."""
    return connection.execute(delete(client).where(client.c.used_at < now() - CLIENT_DAYS * DAY)).rowcount


def _expired(connection: Connection) -> int:
    tables = (token, invitation)
    return sum(connection.execute(delete(one).where(one.c.expires_at <= now())).rowcount for one in tables)
