"""Spaces, their members, and invitations into them."""

from typing import Any

from flask import Blueprint
from sqlalchemy import Connection

from ..answers import InvitationAnswer, MembersAnswer, SpaceAnswer, SpacesAnswer, Success
from ..auth import account_in, space_of
from ..body import body_of, only_query
from ..describe import describe
from ..errors import ApiError
from ..messages import NewInvitation, NewRole, NewSpace
from ..server import server
from ..store import accounts
from ..store import spaces as store

routes = Blueprint("spaces", __name__, url_prefix="/v2/spaces")


@routes.get("")
@describe("The spaces of the user", SpacesAnswer, errors=(401, 426))
def get_spaces() -> dict[str, Any]:
    only_query()
    found = server().database.read(lambda connection: store.memberships(connection, account_in(connection).id))
    return {"spaces": [space.as_json() for space in found]}


@routes.post("")
@describe("Creates a space, owned by the user", SpaceAnswer, body=NewSpace, errors=(400, 401, 403, 413, 415))
def create_space() -> dict[str, Any]:
    only_query()
    name = body_of(NewSpace).name

    def work(connection: Connection) -> dict[str, Any]:
        space_id = store.create_space(connection, account_in(connection).id, name)
        return space_of(connection, space_id, "owner").as_json()

    return server().database.write(work)


@routes.delete("/<space_id>")
@describe("Deletes a space with everything in it", Success, errors=(401, 403, 404, 409))
def delete_space(space_id: str) -> dict[str, bool]:
    only_query()

    def work(connection: Connection) -> None:
        space = space_of(connection, space_id, "owner")
        if any(store.is_first_space(connection, owner, space.id) for owner in store.owners(connection, space.id)):
            raise ApiError(409, "A user's first space stays as long as the user does.")
        store.delete_space(connection, space.id)

    server().database.write(work)
    return {"success": True}


@routes.get("/<space_id>/members")
@describe("Who may do what in a space", MembersAnswer, errors=(401, 404))
def get_members(space_id: str) -> dict[str, Any]:
    only_query()
    return server().database.read(
        lambda connection: {"members": store.members(connection, space_of(connection, space_id, "viewer").id)}
    )


@routes.put("/<space_id>/members/<user>")
@describe("Gives a user a role in a space", Success, body=NewRole, errors=(400, 401, 403, 404, 409, 413, 415))
def set_member(space_id: str, user: str) -> dict[str, bool]:
    only_query()
    role = body_of(NewRole).role

    def work(connection: Connection) -> None:
        space = space_of(connection, space_id, "owner")
        account_id = _account(connection, user)
        if role != "owner":
            _check_may_go(connection, space.id, account_id)
        store.set_member(connection, space.id, account_id, role)

    server().database.write(work)
    return {"success": True}


@routes.delete("/<space_id>/members/<user>")
@describe("Takes a user out of a space; everybody may leave", Success, errors=(401, 403, 404, 409))
def remove_member(space_id: str, user: str) -> dict[str, bool]:
    only_query()

    def work(connection: Connection) -> None:
        leaving = user == account_in(connection).name
        space = space_of(connection, space_id, "viewer" if leaving else "owner")
        account_id = _account(connection, user)
        _check_may_go(connection, space.id, account_id)
        if not store.remove_member(connection, space.id, account_id):
            raise ApiError(404, "This user is no member of the space.")

    server().database.write(work)
    return {"success": True}


@routes.post("/<space_id>/invitations")
@describe(
    "Makes an invitation for one new user, good for a week",
    InvitationAnswer,
    body=NewInvitation,
    errors=(400, 401, 403, 404, 409, 413, 415),
)
def invite(space_id: str) -> dict[str, Any]:
    only_query()
    if server().config.auth == "none":
        raise ApiError(409, "This server has no logins (AUTH_MODE=none); there is nobody to invite.")
    role = body_of(NewInvitation).role

    def work(connection: Connection) -> accounts.NewToken:
        return accounts.create_invitation(connection, space_of(connection, space_id, "owner").id, role)

    new = server().database.write(work)
    return {"invitation": new.secret, "expires": new.expires_at}


def _account(connection: Connection, user: str) -> str:
    found = accounts.find_account(connection, user)
    if found is None:
        raise ApiError(404, "There is no such user.")
    return found.id


def _check_may_go(connection: Connection, space_id: str, account_id: str) -> None:
    """Whether an owner may become less than that. Raises ApiError (CONFLICT)."""
    if store.is_first_space(connection, account_id, space_id):
        raise ApiError(409, "A user's first space stays theirs; make another one to share and to leave.")
    if store.owners(connection, space_id) == [account_id]:
        raise ApiError(409, "A space keeps at least one owner; make somebody else an owner first.")
