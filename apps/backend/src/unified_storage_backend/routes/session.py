"""Signing in and out, and the life of an account."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection

from ..access import PROTOCOL
from ..answers import SessionAnswer, Success, TokenAnswer
from ..auth import COOKIE, account_in, caller
from ..body import body_of, only_query
from ..describe import describe
from ..errors import ApiError
from ..messages import Confirmation, NewAccount, NewPassword, Session
from ..rate_limits import limit_logins
from ..server import server
from ..store import accounts
from ..store.spaces import Membership, memberships

routes = Blueprint("session", __name__, url_prefix="/v2")

_wrong = "The user or the password is wrong."


@routes.get("/session")
@describe("Who is signed in, the spaces, and the server's limits", SessionAnswer, errors=(401, 426))
def get_session() -> dict[str, Any]:
    only_query()

    def work(connection: Connection) -> tuple[accounts.Account, list[Membership]]:
        account = account_in(connection)
        return account, memberships(connection, account.id)

    account, spaces = server().database.read(work)
    limits = server().config.limits
    return {
        "user": account.name,
        "spaces": [space.as_json() for space in spaces],
        "protocol": PROTOCOL,
        "limits": {
            "keyBytes": limits.key_bytes,
            "valueBytes": limits.value_bytes,
            "requestBytes": limits.request_bytes,
            "mutations": limits.mutations,
            "transactionWrites": limits.transaction_writes,
            "transactionBytes": limits.transaction_bytes,
            "pageItems": limits.page_items,
            "indexItems": limits.index_items,
        },
    }


@routes.post("/session")
@describe("Signs in", TokenAnswer, body=Session, errors=(400, 401, 403, 409, 413, 415, 429), public=True)
@limit_logins
def sign_in() -> Response:
    only_query()
    _require_logins()
    body = body_of(Session)
    proven = _check_password(body.user, body.password)

    def work(connection: Connection) -> accounts.NewToken:
        _check_unchanged(connection, body.user, proven)
        account = accounts.find_account(connection, body.user)
        if account is None:
            raise ApiError(401, _wrong)
        return accounts.create_token(connection, account.id, "session", "signed in", server().config.token_days)

    return _token_answer(server().database.write(work))


@routes.delete("/session")
@describe("Signs out: the token is worth nothing any more", Success, errors=(401, 403, 409))
def sign_out() -> Response:
    only_query()
    _require_logins()
    secret = caller().secret
    server().database.write(lambda connection: accounts.revoke_secret(connection, secret))
    response = jsonify(success=True)
    response.delete_cookie(COOKIE)
    return response


@routes.post("/accounts")
@describe("Accepts an invitation", TokenAnswer, body=NewAccount, errors=(400, 403, 409, 413, 415, 429), public=True)
@limit_logins
def create_account() -> Response:
    only_query()
    _require_logins()
    body = body_of(NewAccount)
    hashed = accounts.hash_password(body.password)

    def work(connection: Connection) -> accounts.NewToken:
        # First of all: who is not invited does not learn which names there are.
        if not accounts.is_invited(connection, body.invitation):
            raise ApiError(403, "This invitation is used up or has expired; ask for another.")
        if accounts.find_account(connection, body.user):
            raise ApiError(409, "This name is taken; choose another.")
        account_id = accounts.create_account(connection, body.user, hashed)
        accounts.accept_invitation(connection, body.invitation, account_id)
        return accounts.create_token(connection, account_id, "session", "signed in", server().config.token_days)

    return _token_answer(server().database.write(work))


@routes.put("/account/password")
@describe(
    "Changes the password and ends the other sessions",
    Success,
    body=NewPassword,
    errors=(400, 401, 403, 409, 413, 415, 429),
)
@limit_logins
def change_password() -> dict[str, bool]:
    only_query()
    _require_logins()
    who = caller()
    body = body_of(NewPassword)
    proven = _check_password(who.account.name, body.current, 403)
    hashed = accounts.hash_password(body.password)

    def work(connection: Connection) -> None:
        _check_unchanged(connection, who.account.name, proven, 403)
        accounts.set_password(connection, who.account.id, hashed, who.secret)

    server().database.write(work)
    return {"success": True}


@routes.delete("/account")
@describe(
    "Deletes the user and all spaces that nobody else owns",
    Success,
    body=Confirmation,
    errors=(400, 401, 403, 409, 413, 415, 429),
)
@limit_logins
def delete_account() -> dict[str, bool]:
    only_query()
    _require_logins()
    who = caller()
    proven = _check_password(who.account.name, body_of(Confirmation).password, 403)

    def work(connection: Connection) -> None:
        _check_unchanged(connection, who.account.name, proven, 403)
        accounts.delete_account(connection, who.account.id)

    server().database.write(work)
    return {"success": True}


def _require_logins() -> None:
    if server().config.auth == "none":
        raise ApiError(409, "This server has no logins (AUTH_MODE=none); use it without a token.")


def _check_password(user: str, password: str, status: int = 401) -> str:
    """The stored hash that the password belongs to. It takes long, so it is done outside of any transaction."""
    hashed = server().database.read(lambda connection: accounts.password_of(connection, user))
    if not accounts.password_matches(hashed, password) or hashed is None:
        raise ApiError(status, _wrong)
    return hashed


def _check_unchanged(connection: Connection, user: str, proven: str, status: int = 401) -> None:
    """While one is signing in, the password may be changed, which is to end everything that the old one opened."""
    if accounts.password_of(connection, user) != proven:
        raise ApiError(status, _wrong)


def _token_answer(new: accounts.NewToken) -> Response:
    response = jsonify(token=new.secret, expires=new.expires_at)
    # For pages of the server's own site; scripts never see it, and other sites' pages cannot make it be sent.
    response.set_cookie(COOKIE, new.secret, max_age=_days(), httponly=True, samesite="Strict", secure=request.is_secure)
    return response


def _days() -> int:
    return server().config.token_days * 24 * 60 * 60
