"""One transaction on a space, and the pokes after it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from ..auth import space_of
from ..live.poke import Poke
from ..server import server
from ..store.writer import SpaceWriter

Answer = TypeVar("Answer")


def write_space(space_id: str, work: Callable[[SpaceWriter], Answer]) -> Answer:
    """Does the work as an editor of the space; when it is committed, the clients hear of it."""

    def transaction(connection: Connection) -> tuple[SpaceWriter, Answer]:
        writer = SpaceWriter(connection, space_of(connection, space_id, "editor").id)
        answer = work(writer)
        writer.finish()
        return writer, answer

    writer, answer = server().database.write(transaction)
    if writer.head != writer.space.head:
        server().pokes.announce(Poke(writer.space.id, writer.space.epoch, writer.head))
    return answer
