"""Users, their passwords and their tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ..tables import NUL, account, invitation, member, token
from .clock import DAY, now
from .prepared import Prepared
from .spaces import Role, create_space, delete_space, owners, set_member

TokenKind = Literal["session", "token"]
LOCAL_USER = "default"
INVITATION_DAYS = 7

_hasher = PasswordHasher()
# Verified where the user is unknown, so that the time of an answer does not tell who exists.
_nobody = _hasher.hash(secrets.token_hex(16))


_by_name = Prepared(lambda _engine: select(account.c.id, account.c.name).where(account.c.name == bindparam("name")))


@dataclass(frozen=True)
class Account:
    id: str
    name: str


@dataclass(frozen=True)
class NewToken:
    """`secret` is shown once; only its hash is stored."""

    id: str
    secret: str
    expires_at: int


def hash_password(password: str) -> str:
    """Slow on purpose (argon2id): call it outside a transaction."""
    return _hasher.hash(password)


def password_matches(hashed: str | None, password: str) -> bool:
    """Slow on purpose, as slow for nobody as for somebody: call it outside a transaction."""
    try:
        return _hasher.verify(hashed or _nobody, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def create_account(connection: Connection, name: str, password_hash: str) -> str:
    """A user with a first space. The caller has checked that the name is free."""
    account_id = secrets.token_hex(16)
    row = {"id": account_id, "name": name, "password": password_hash, "created_at": now()}
    connection.execute(insert(account).values(row))
    create_space(connection, account_id, name)
    return account_id


def find_account(connection: Connection, name: str) -> Account | None:
    if NUL in name:
        return None
    row = _by_name.run(connection, name=name).one_or_none()
    return Account(*row) if row else None


def ensure_local_account(connection: Connection) -> Account:
    """The one user of a server without logins; nobody can sign in as this user."""
    found = find_account(connection, LOCAL_USER)
    return found or Account(create_account(connection, LOCAL_USER, "!"), LOCAL_USER)


def password_of(connection: Connection, name: str) -> str | None:
    if NUL in name:
        return None
    return connection.scalar(select(account.c.password).where(account.c.name == name))


def set_password(connection: Connection, account_id: str, password_hash: str, keep_token: str | None) -> None:
    """Changes the password and ends every session but the one that asks."""
    connection.execute(update(account).where(account.c.id == account_id).values(password=password_hash))
    where = (token.c.account == account_id, token.c.kind == "session")
    connection.execute(delete(token).where(*where, token.c.hash != hash_of_secret(keep_token or "")))


def delete_account(connection: Connection, account_id: str) -> None:
    """Removes a user with the spaces that nobody else owns; what others own stays theirs."""
    owned = select(member.c.space).where(member.c.account == account_id, member.c.role == "owner")
    for space_id in connection.scalars(owned).all():
        if owners(connection, space_id) == [account_id]:
            delete_space(connection, space_id)
    connection.execute(delete(account).where(account.c.id == account_id))


def create_token(connection: Connection, account_id: str, kind: TokenKind, name: str, days: int) -> NewToken:
    new = NewToken(secrets.token_hex(8), secrets.token_urlsafe(32), now() + days * DAY)
    row = {"hash": hash_of_secret(new.secret), "id": new.id, "account": account_id, "kind": kind, "name": name}
    connection.execute(insert(token).values(row | {"created_at": now(), "expires_at": new.expires_at}))
    return new


def account_of_token(connection: Connection, secret: str) -> Account | None:
    query = select(account.c.id, account.c.name).join(token, token.c.account == account.c.id)
    where = (token.c.hash == hash_of_secret(secret), token.c.expires_at > now())
    row = connection.execute(query.where(*where)).one_or_none()
    return Account(*row) if row else None


def revoke_secret(connection: Connection, secret: str) -> None:
    connection.execute(delete(token).where(token.c.hash == hash_of_secret(secret)))


def revoke_token(connection: Connection, token_id: str) -> bool:
    return connection.execute(delete(token).where(token.c.id == token_id)).rowcount > 0


def create_invitation(connection: Connection, space_id: str, role: Role) -> NewToken:
    new = NewToken(secrets.token_hex(8), secrets.token_urlsafe(32), now() + INVITATION_DAYS * DAY)
    row = {"hash": hash_of_secret(new.secret), "space": space_id, "role": role, "expires_at": new.expires_at}
    connection.execute(insert(invitation).values(row))
    return new


def is_invited(connection: Connection, secret: str) -> bool:
    where = (invitation.c.hash == hash_of_secret(secret), invitation.c.expires_at > now())
    return connection.scalar(select(invitation.c.hash).where(*where)) is not None


def accept_invitation(connection: Connection, secret: str, account_id: str) -> bool:
    """Makes a user a member, once; an invitation that is used, unknown or expired does nothing."""
    where = (invitation.c.hash == hash_of_secret(secret), invitation.c.expires_at > now())
    row = connection.execute(select(invitation.c.space, invitation.c.role).where(*where)).one_or_none()
    if row is None:
        return False
    connection.execute(delete(invitation).where(invitation.c.hash == hash_of_secret(secret)))
    set_member(connection, row.space, account_id, row.role)
    return True


def hash_of_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
