"""Spaces and who may do what in them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from ..tables import NUL, account, item, member, space
from .clock import DAY, now

Role = Literal["viewer", "editor", "owner"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "owner")

TOMBSTONE_DAYS = 30
HASHED = "sha256:"

_is_title = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True)
class Membership:
    """A space as one of its members sees it."""

    id: str
    name: str
    role: Role
    epoch: str
    head: int

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "role": self.role, "epoch": self.epoch, "head": self.head}


_seen = (space.c.id, space.c.name, member.c.role, space.c.epoch, space.c.head)


def new_epoch() -> str:
    return secrets.token_hex(16)


def create_space(connection: Connection, owner: str, name: str) -> str:
    space_id = secrets.token_hex(16)
    row = {"id": space_id, "name": name, "epoch": new_epoch(), "head": 0, "floor": 0, "created_at": now()}
    connection.execute(insert(space).values(row))
    set_member(connection, space_id, owner, "owner")
    return space_id


def storage_space(connection: Connection, owner: str, name: str) -> Membership:
    """The user's own space for the storage of this name, made when there is none."""
    if name == "default":
        query, title = _own(owner), name
    else:
        title = _title(name)
        query = _own(owner).where(space.c.name == title)
    row = connection.execute(query).one_or_none()
    if row is None:
        create_space(connection, owner, title)
        row = connection.execute(query).one()
    return Membership(*row)


def _title(name: str) -> str:
    """Names that are no titles, or look like what stands for such a name, are hashed."""
    if _is_title.fullmatch(name) and not name.startswith(HASHED):
        return name
    return HASHED + hashlib.sha256(name.encode()).hexdigest()


def _own(account_id: str) -> Select[Any]:
    """The spaces that the user owns, cut off after the one joined first."""
    query = select(*_seen).join(member, member.c.space == space.c.id)
    mine = query.where(member.c.account == account_id, member.c.role == "owner")
    return mine.order_by(member.c.joined_at, space.c.id).limit(1)


def memberships(connection: Connection, account_id: str) -> list[Membership]:
    """The spaces of a user, the one joined first at the beginning."""
    query = select(*_seen).join(member, member.c.space == space.c.id).where(member.c.account == account_id)
    return [Membership(*row) for row in connection.execute(query.order_by(member.c.joined_at, space.c.id))]


def membership(connection: Connection, account_id: str, space_id: str) -> Membership | None:
    """What a user may do in a space; the id `default` names the user's own first space."""
    if NUL in space_id:
        return None
    if space_id == "default":
        query = _own(account_id)
    else:
        query = select(*_seen).join(member, member.c.space == space.c.id)
        query = query.where(member.c.account == account_id, space.c.id == space_id)
    row = connection.execute(query).one_or_none()
    return Membership(*row) if row else None


def members(connection: Connection, space_id: str) -> list[dict[str, str]]:
    query = select(account.c.name, member.c.role).join(member, member.c.account == account.c.id)
    rows = connection.execute(query.where(member.c.space == space_id).order_by(account.c.name))
    return [{"user": row.name, "role": row.role} for row in rows]


def set_member(connection: Connection, space_id: str, account_id: str, role: Role) -> None:
    where = (member.c.space == space_id, member.c.account == account_id)
    if connection.execute(update(member).where(*where).values(role=role)).rowcount == 0:
        row = {"space": space_id, "account": account_id, "role": role, "joined_at": now()}
        connection.execute(insert(member).values(row))


def remove_member(connection: Connection, space_id: str, account_id: str) -> bool:
    where = (member.c.space == space_id, member.c.account == account_id)
    return connection.execute(delete(member).where(*where)).rowcount > 0


def owners(connection: Connection, space_id: str) -> list[str]:
    query = select(member.c.account).where(member.c.space == space_id, member.c.role == "owner")
    return list(connection.scalars(query))


def delete_space(connection: Connection, space_id: str) -> None:
    """Removes a space with everything in it."""
    connection.execute(delete(space).where(space.c.id == space_id))


def collect_garbage(connection: Connection, days: int = TOMBSTONE_DAYS) -> int:
    """Removes tombstones older than this and raises each space's floor to the newest that went."""
    old = (item.c.deleted.is_(True), item.c.updated_at < now() - days * DAY)
    newest = connection.execute(select(item.c.space, func.max(item.c.rev)).where(*old).group_by(item.c.space)).all()
    for space_id, rev in newest:
        connection.execute(update(space).where(space.c.id == space_id, space.c.floor < rev).values(floor=rev))
    return connection.execute(delete(item).where(*old)).rowcount


def change_epochs(connection: Connection) -> None:
    """Tells all clients that the data has gone back in time."""
    for space_id in connection.scalars(select(space.c.id)).all():
        connection.execute(update(space).where(space.c.id == space_id).values(epoch=new_epoch()))
