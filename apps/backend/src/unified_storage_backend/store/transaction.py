"""Transactions: writes that happen all or not at all, under one number of their client."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import select

from ..errors import ApiError
from ..tables import result
from .items import live_keys
from .push import last_mutation, matches, remember
from .writer import SpaceWriter


@dataclass(frozen=True)
class Step:
    """One write, checked; `base` None stands for whatever is there."""

    op: str
    key: bytes
    base: int | None
    value: str | None


@dataclass(frozen=True)
class Transaction:
    """What a client asks for; `head` None stands for whatever there is in the space."""

    id: int
    head: int | None
    steps: Sequence[Step]

    def hash(self) -> str:
        body = json.dumps([self.head, [astuple(step) for step in self.steps]], default=bytes.hex)
        return hashlib.sha256(body.encode()).hexdigest()


def transact(writer: SpaceWriter, account: str, client_id: str, transaction: Transaction) -> dict[str, Any]:
    """Carries it out where all is as expected, or repeats the outcome. Raises ApiError (GAP, MUTATION_REUSED)."""
    last = last_mutation(writer, account, client_id)
    if transaction.id > last + 1:
        raise ApiError(409, f"There is a gap: the next id of this client is {last + 1}.", "GAP")
    if transaction.id <= last:
        return _duplicate(writer, client_id, transaction)
    since = writer.head
    creates_only = all(step.op == "put" and step.base == 0 for step in transaction.steps)
    (writer.expect_new if creates_only else writer.load)(step.key for step in transaction.steps if step.op != "clear")
    status = "applied" if _is_as_expected(writer, transaction) else "conflict"
    if status == "applied":
        _write(writer, client_id, transaction)
    row = (writer.space.id, client_id, transaction.id, transaction.hash(), status, writer.head)
    remember(writer, account, client_id, transaction.id, [row])
    return {"status": status, "since": since, "rev": writer.head}


def _is_as_expected(writer: SpaceWriter, transaction: Transaction) -> bool:
    if transaction.head not in (None, writer.head):
        return False
    return all(step.base is None or matches(writer.current(step.key), step.base) for step in transaction.steps)


def _write(writer: SpaceWriter, client_id: str, transaction: Transaction) -> None:
    for step in transaction.steps:
        for key in _keys_of(writer, step):
            writer.write(key, step.value, client_id, transaction.id)


def _keys_of(writer: SpaceWriter, step: Step) -> Iterable[bytes]:
    if step.op == "clear":
        return live_keys(writer.connection, writer.space.id)
    is_idle = step.op == "check" or (step.op == "delete" and writer.current(step.key).deleted)
    return [] if is_idle else [step.key]


def _duplicate(writer: SpaceWriter, client_id: str, transaction: Transaction) -> dict[str, Any]:
    where = (result.c.space == writer.space.id, result.c.client == client_id, result.c.mutation == transaction.id)
    query = select(result.c.hash, result.c.status, result.c.rev).where(*where)
    known = writer.connection.execute(query).one_or_none()
    if known is None:
        return {"status": "duplicate", "since": writer.head, "rev": writer.head, "original": None}
    if known.hash != transaction.hash():
        raise ApiError(422, f"The number {transaction.id} was used before for something else; use a new id.")
    return {"status": "duplicate", "since": known.rev, "rev": known.rev, "original": known.status}
