"""What the writing routes share: one transaction on a space with the pokes after it, and what a value has to be."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from ..auth import account_in, space_for
from ..errors import ApiError
from ..live.poke import Poke
from ..server import server
from ..store.push import InvalidMutation, check_size
from ..store.writer import KeyTaken, SpaceWriter
from ..strict_json import JsonProblem, check_text

Answer = TypeVar("Answer")


def write_space(space_id: str, work: Callable[[SpaceWriter], Answer]) -> Answer:
    """Does the work as an editor of the space; when it is committed, the clients hear of it."""
    return write_as_user(space_id, lambda writer, _account: work(writer))


def write_as_user(space_id: str, work: Callable[[SpaceWriter, str], Answer]) -> Answer:
    """The same for work that has to know which user asks."""

    def transaction(connection: Connection, looks_first: bool) -> tuple[SpaceWriter, Answer]:
        account = account_in(connection).id
        space = space_for(connection, account, space_id, "editor", lock=True)
        writer = SpaceWriter(connection, space, looks_first)
        answer = work(writer, account)
        writer.finish()
        return writer, answer

    database = server().database
    try:
        writer, answer = database.write(partial(transaction, looks_first=False))
    except KeyTaken:
        writer, answer = database.write(partial(transaction, looks_first=True))
    if writer.head != writer.space.head:
        server().pokes.announce(Poke(writer.space.id, writer.space.epoch, writer.head))
    return answer


def check_value(text: str, place: str = "") -> None:
    """Whether a text may be stored; `place` goes before the words. Raises ApiError (INVALID_VALUE)."""
    try:
        check_text(text)
        check_size(text, server().config.limits.value_bytes)
    except (JsonProblem, InvalidMutation) as problem:
        raise ApiError(400, f"{place}{problem}", "INVALID_VALUE") from None
