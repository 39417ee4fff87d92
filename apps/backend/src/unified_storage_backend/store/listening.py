"""Who may listen to a space, asked for many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from ..tables import member, space, token
from .clock import now

# Databases bound how many values a statement may hold.
PORTION = 500


@dataclass(frozen=True)
class Listener:
    """An account that listens to a space; `token` is the hash of what proved it, None on a server without logins."""

    account: str
    token: str | None
    space: str


def still_allowed(connection: Connection, listeners: Collection[Listener]) -> set[Listener]:
    """Those whose token is still good and who are still members."""
    good = select(token.c.hash, token.c.account).where(token.c.expires_at > now())
    valid = _rows(connection, good, token.c.hash, {listener.token for listener in listeners if listener.token})
    accounts = {listener.account for listener in listeners}
    members = _rows(connection, select(member.c.account, member.c.space), member.c.account, accounts)
    signed_in, member_of = {tuple(row) for row in valid}, {tuple(row) for row in members}
    return {
        listener
        for listener in listeners
        if (listener.account, listener.space) in member_of
        and (listener.token is None or (listener.token, listener.account) in signed_in)
    }


def heads_of(connection: Connection, spaces: Collection[str]) -> Sequence[Row[Any]]:
    """Id, epoch and head of each space."""
    return _rows(connection, select(space.c.id, space.c.epoch, space.c.head), space.c.id, spaces)


def _rows(connection: Connection, query: Any, column: Any, values: Collection[Any]) -> list[Row[Any]]:
    wanted = list(values)
    portions = (wanted[start : start + PORTION] for start in range(0, len(wanted), PORTION))
    return [row for portion in portions for row in connection.execute(query.where(column.in_(portion)))]
