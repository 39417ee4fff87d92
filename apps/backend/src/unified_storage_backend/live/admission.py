"""Whether a client may listen, by what it says in its first message."""

from flask_socketio import ConnectionRefusedError as Refused
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ..auth import caller_by, local_account, sent_secret, space_for
from ..errors import ApiError
from ..server import server
from ..store.accounts import hash_of_secret
from ..store.listening import Listener
from ..strict_json import is_text


def let_in(auth: object) -> Listener:
    """Who listens to what. Raises Refused, with a code."""
    try:
        return _listener(auth)
    except ApiError as problem:
        raise Refused(problem.message, {"code": problem.code}) from None
    except SQLAlchemyError:
        raise Refused("The database does not take this now; try again later.", {"code": "UNAVAILABLE"}) from None


def _listener(auth: object) -> Listener:
    said = auth if isinstance(auth, dict) else {}
    wanted, secret = said.get("space", "default"), said.get("token")
    if not is_text(wanted) or not (secret is None or is_text(secret)):
        raise ApiError(400, 'Say {"space": ..., "token": ...}, both as text.')
    who = caller_by(secret or sent_secret()) if server().config.auth == "required" else None

    def work(connection: Connection) -> Listener:
        account = who.account if who else local_account(connection)
        space = space_for(connection, account.id, wanted, "viewer")
        return Listener(account.id, hash_of_secret(who.secret) if who else None, space.id)

    return server().database.read(work)
