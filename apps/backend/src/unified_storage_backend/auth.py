"""Who asks, and what they may do in a space."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from sqlalchemy import Connection

from .describe import description_of
from .errors import ApiError
from .server import server
from .store.accounts import LOCAL_USER, Account, account_of_token, find_account
from .store.spaces import Membership, Role, membership

COOKIE = "unified_storage_session"

_safe_methods = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """The user of a request to a server with logins; `secret` is the token that proved it."""

    account: Account
    secret: str


def register_auth(app: Flask) -> None:
    app.before_request(_require_caller)


def account_in(connection: Connection) -> Account:
    """Who asks. Raises ApiError (UNAUTHORIZED)."""
    return caller().account if server().config.auth == "required" else local_account(connection)


def local_account(connection: Connection) -> Account:
    """The one user of a server without logins; looked up each time, because restored data may have them anew."""
    found = find_account(connection, LOCAL_USER)
    if found is None:
        raise ApiError(503, "The server's data has no user; start the server again.")
    return found


def caller() -> Caller:
    """The user of this request to a server with logins. Raises ApiError (UNAUTHORIZED)."""
    if "caller" not in g:
        g.caller = caller_by(sent_secret())
    found: Caller = g.caller
    return found


def _require_caller() -> None:
    """Before anything is read or locked for somebody who may not ask."""
    description = description_of(current_app.view_functions.get(request.endpoint or ""))
    open_to_all = server().config.auth == "none" or request.method == "OPTIONS"
    if description and not description.public and not open_to_all:
        caller()


def caller_by(secret: str | None) -> Caller:
    """Whose token this is. Raises ApiError (UNAUTHORIZED)."""
    account = server().database.read(lambda connection: account_of_token(connection, secret)) if secret else None
    if account is None or secret is None:
        raise ApiError(401, "Sign in first: send a valid token as Authorization: Bearer.")
    return Caller(account, secret)


def space_of(connection: Connection, space_id: str, role: Role) -> Membership:
    """The space, when the user may act in this role. Raises ApiError: a foreign space does not exist for them."""
    return space_for(connection, account_in(connection).id, space_id, role)


def space_for(connection: Connection, account_id: str, space_id: str, role: Role, *, lock: bool = False) -> Membership:
    """The same for any account. With `lock` nobody else writes to the space until the transaction ends."""
    found = membership(connection, account_id, space_id, lock=lock)
    if found is None:
        raise ApiError(404, "There is no such space for you.")
    if not found.may(role):
        raise ApiError(403, f"This needs the role {role}; yours is {found.role}.")
    return found


def sent_secret() -> str | None:
    """The token that came with the request, in its header or its cookie."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else None
    secret_cookie = request.cookies.get(COOKIE)
    if secret_cookie and request.method not in _safe_methods and "Origin" not in request.headers:
        # A browser sends Origin with every write; without it nobody vouches for the page that sends the cookie.
        raise ApiError(403, "A write with a cookie needs an Origin header; send a bearer token instead.")
    return secret_cookie
