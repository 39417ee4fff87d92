"""Who asks, and what they may do in a space."""

from dataclasses import dataclass

from flask import g, request
from sqlalchemy import Connection

from .errors import ApiError
from .server import server
from .store.accounts import LOCAL_USER, Account, account_of_token, find_account
from .store.spaces import Membership, Role, membership

COOKIE = "unified_storage_session"

_safe_methods = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """The user of a request; `secret` is the token that proved it, None on a server without logins."""

    account: Account
    secret: str | None


def caller() -> Caller:
    """The user of this request. Raises ApiError (UNAUTHORIZED)."""
    if "caller" not in g:
        g.caller = server().database.read(_find_caller)
    found: Caller = g.caller
    return found


def _find_caller(connection: Connection) -> Caller:
    secret = _sent_secret()
    if server().config.auth == "none":
        account = find_account(connection, LOCAL_USER)
        secret = None
    else:
        account = account_of_token(connection, secret) if secret else None
    if account is None:
        raise ApiError(401, "Sign in first: send a valid token as Authorization: Bearer.")
    return Caller(account, secret)


def space_of(connection: Connection, space_id: str, role: Role) -> Membership:
    """The space, when the user may act in this role. Raises ApiError: a foreign space does not exist for them."""
    found = membership(connection, caller().account.id, space_id)
    if found is None:
        raise ApiError(404, "There is no such space for you.")
    if not found.may(role):
        raise ApiError(403, f"This needs the role {role}; yours is {found.role}.")
    return found


def _sent_secret() -> str | None:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else None
    secret_cookie = request.cookies.get(COOKIE)
    if secret_cookie and request.method not in _safe_methods and "Origin" not in request.headers:
        # A browser sends Origin with every write; without it nobody vouches for the page that sends the cookie.
        raise ApiError(403, "A write with a cookie needs an Origin header; send a bearer token instead.")
    return secret_cookie
