"""Spaces and who may do what in them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from ..tables import NUL, account, member, space
from .clock import now
from .prepared import Prepared

Role = Literal["viewer", "editor", "owner"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "owner")

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
_theirs = select(*_seen).join(member, member.c.space == space.c.id).where(member.c.account == bindparam("account"))
_owned = _theirs.where(member.c.role == "owner").order_by(member.c.joined_at, space.c.id)
_made = _owned.where(space.c.creator == bindparam("account"), space.c.name == bindparam("title"))
_a_storage = _made.where(space.c.id != bindparam("first")).limit(1)
_first_owned = _owned.limit(1)
_one_of_them = _theirs.where(space.c.id == bindparam("space"))
_read_first = Prepared(lambda _engine: _first_owned)
_lock_first = Prepared(lambda _engine: _first_owned.with_for_update(of=space))
_read_one = Prepared(lambda _engine: _one_of_them)
_lock_one = Prepared(lambda _engine: _one_of_them.with_for_update(of=space))


def new_epoch() -> str:
    return secrets.token_hex(16)


def create_space(connection: Connection, owner: str, name: str) -> str:
    space_id = secrets.token_hex(16)
    row = {"id": space_id, "name": name, "epoch": new_epoch(), "head": 0, "floor": 0, "creator": owner}
    connection.execute(insert(space).values(row | {"created_at": now()}))
    set_member(connection, space_id, owner, "owner")
    return space_id


def storage_space(connection: Connection, owner: str, name: str) -> Membership:
    """The space that the user made for the storage of this name, made now when there is none."""
    first = membership(connection, owner, "default")
    if first is not None and name == "default":
        return first
    # Anybody can call a space so and make this user an owner of it: what others made is never taken for the user's own.
    wanted = {"account": owner, "title": _title(name), "first": first.id if first else ""}
    row = connection.execute(_a_storage, wanted).one_or_none()
    if row is None:
        create_space(connection, owner, wanted["title"])
        row = connection.execute(_a_storage, wanted).one()
    return Membership(*row)


def _title(name: str) -> str:
    """Names that are no titles, or look like what stands for such a name, are hashed."""
    if _is_title.fullmatch(name) and not name.startswith(HASHED):
        return name
    return HASHED + hashlib.sha256(name.encode()).hexdigest()


def memberships(connection: Connection, account_id: str) -> list[Membership]:
    """The spaces of a user, the one joined first at the beginning."""
    query = _theirs.order_by(member.c.joined_at, space.c.id)
    return [Membership(*row) for row in connection.execute(query, {"account": account_id})]


def membership(connection: Connection, account_id: str, space_id: str, *, lock: bool = False) -> Membership | None:
    """What a user may do in a space; the id `default` names the user's own first space. `lock` is for who writes."""
    if NUL in space_id:
        return None
    if space_id == "default":
        row = (_lock_first if lock else _read_first).run(connection, account=account_id).one_or_none()
    else:
        statement = _lock_one if lock else _read_one
        row = statement.run(connection, account=account_id, space=space_id).one_or_none()
    return Membership(*row) if row else None


def members(connection: Connection, space_id: str) -> list[dict[str, str]]:
    query = select(account.c.name, member.c.role).join(member, member.c.account == account.c.id)
    rows = connection.execute(query.where(member.c.space == space_id).order_by(account.c.name))
    return [{"user": row.name, "role": row.role} for row in rows]


def set_member(connection: Connection, space_id: str, account_id: str, role: Role) -> None:
    where = (member.c.space == space_id, member.c.account == account_id)
    if connection.execute(update(member).where(*where).values(role=role)).rowcount == 0:
        row = {"space": space_id, "account": account_id, "role": role, "joined_at": _after_all(connection, account_id)}
        connection.execute(insert(member).values(row))


def _after_all(connection: Connection, account_id: str) -> int:
    """A clock that was set back must not make another space a user's first."""
    latest = connection.scalar(select(func.max(member.c.joined_at)).where(member.c.account == account_id))
    return max(now(), (latest or 0) + 1)


def remove_member(connection: Connection, space_id: str, account_id: str) -> bool:
    where = (member.c.space == space_id, member.c.account == account_id)
    return connection.execute(delete(member).where(*where)).rowcount > 0


def is_first_space(connection: Connection, account_id: str, space_id: str) -> bool:
    """Whether this is what the user reaches as `default`, which therefore nobody may take away."""
    first = membership(connection, account_id, "default")
    return first is not None and first.id == space_id


def owners(connection: Connection, space_id: str) -> list[str]:
    query = select(member.c.account).where(member.c.space == space_id, member.c.role == "owner")
    return list(connection.scalars(query))


def delete_space(connection: Connection, space_id: str) -> None:
    """Removes a space with everything in it."""
    connection.execute(delete(space).where(space.c.id == space_id))


def change_epochs(connection: Connection) -> None:
    """Tells all clients that the data has gone back in time."""
    for space_id in connection.scalars(select(space.c.id)).all():
        connection.execute(update(space).where(space.c.id == space_id).values(epoch=new_epoch()))
