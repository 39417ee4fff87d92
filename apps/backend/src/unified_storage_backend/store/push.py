"""The mutation log: each mutation of a client takes effect at most once, however often it is sent."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from ..errors import ApiError
from ..keys import KeyProblem, key_bytes
from ..strict_json import JsonProblem, check_text
from ..tables import client, result
from .items import Item
from .prepared import Prepared, PreparedRows
from .writer import SpaceWriter

# How many outcomes of each client are kept, at least, for answering a repeated push.
KEPT_RESULTS = 1000
MAX_SAFE_INTEGER = 2**53 - 1
# As it is answered: with `current` after a conflict, with `why` where it was rejected.
Outcome = dict[str, Any]
ResultRow = tuple[str, str, int, str, str, int]
_encode = json.JSONEncoder(sort_keys=True).encode


class Mutation(NamedTuple):
    """What a client asks for. Only `id` is sound; the rest may be anything and is judged one by one."""

    id: int
    op: object
    key: object
    base: object
    value: object

    def hash(self) -> str:
        """Tells another body under the same id. A right one needs no escaping: the end of each part is known."""
        op, key, base, value = self.op, self.key, self.base, self.value
        if op == "put" and isinstance(key, str) and type(base) is int and isinstance(value, str):
            body = f"put {base} {len(key)} {key} {value}"
        else:
            body = _encode([op, key, base, value])
        return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


class Write(NamedTuple):
    """A mutation that can be carried out: JSON text, or None for a deletion."""

    key: bytes
    base: int
    value: str | None


class InvalidMutation(ValueError):
    """The mutation can never be valid; says why."""


def push(writer: SpaceWriter, account: str, client_id: str, mutations: Sequence[Mutation], max_value: int) -> Any:
    """Carries out what is new, repeats the outcome of what is not. Raises ApiError (GAP, MUTATION_REUSED)."""
    last = last_mutation(writer, account, client_id)
    _check_ids(mutations, last)
    known = _known_results(writer, client_id, mutations, last)
    judged = [(mutation, _judge(mutation, max_value)) for mutation in mutations]
    writes = [write for _, write in judged if isinstance(write, Write)]
    creates_only = not known and all(write.base == 0 and write.value is not None for write in writes)
    (writer.expect_new if creates_only else writer.load)(write.key for write in writes)
    results: list[dict[str, Any]] = []
    rows: list[ResultRow] = []
    space_id = writer.space.id
    for mutation, write in judged:
        if mutation.id <= last:
            results.append(_duplicate(writer, mutation, write, known.get(mutation.id)))
            continue
        outcome = _carry_out(writer, client_id, mutation.id, write)
        results.append({"id": mutation.id, **outcome})
        rows.append((space_id, client_id, mutation.id, mutation.hash(), outcome["status"], outcome["rev"]))
    if rows:
        last = mutations[-1].id
        remember(writer, account, client_id, last, rows)
    return {"lastMutation": last, "results": results}


def last_mutation(writer: SpaceWriter, account: str, client_id: str) -> int:
    """The newest number of a client, 0 for a new one. Raises ApiError (FORBIDDEN)."""
    row = _read_client.run(writer.connection, space=writer.space.id, id=client_id).one_or_none()
    if row is None:
        return 0
    if row.account != account:
        raise ApiError(403, "This client belongs to another user; choose another client id.")
    return int(row.last_mutation)


def _check_ids(mutations: Sequence[Mutation], last: int) -> None:
    if not mutations:
        return
    expected = range(mutations[0].id, mutations[0].id + len(mutations))
    if [mutation.id for mutation in mutations] != list(expected) or mutations[0].id > last + 1:
        raise ApiError(409, f"The mutations have a gap: the next id of this client is {last + 1}.", "GAP")


def _known_results(writer: SpaceWriter, client_id: str, mutations: Sequence[Mutation], last: int) -> dict[int, Any]:
    repeated = [mutation.id for mutation in mutations if mutation.id <= last]
    if not repeated:
        return {}
    where = (result.c.space == writer.space.id, result.c.client == client_id, result.c.mutation.in_(repeated))
    query = select(result.c.mutation, result.c.hash, result.c.status, result.c.rev).where(*where)
    return {row.mutation: row for row in writer.connection.execute(query)}


def _judge(mutation: Mutation, max_value: int) -> Write | InvalidMutation:
    try:
        return Write(key_bytes(mutation.key), _valid_base(mutation.base), _valid_value(mutation, max_value))
    except (InvalidMutation, KeyProblem, JsonProblem) as problem:
        return InvalidMutation(str(problem))


def _valid_base(base: object) -> int:
    if type(base) is int and 0 <= base <= MAX_SAFE_INTEGER:
        return base
    raise InvalidMutation("The base is not a revision: a whole number, 0 for none.")


def _valid_value(mutation: Mutation, max_value: int) -> str | None:
    if mutation.op == "delete":
        return None
    if mutation.op != "put":
        raise InvalidMutation('The operation is neither "put" nor "delete".')
    if not isinstance(mutation.value, str):
        raise InvalidMutation("The value is not a string that holds JSON text.")
    check_text(mutation.value)
    check_size(mutation.value, max_value)
    return mutation.value


def check_size(text: str, max_value: int) -> None:
    """Refuses JSON text that is longer than this many UTF-8 bytes. Raises InvalidMutation."""
    if len(text) > max_value or (not text.isascii() and len(text.encode()) > max_value):
        raise InvalidMutation(f"The value is larger than {max_value} bytes; split it over several keys.")


def _carry_out(writer: SpaceWriter, client_id: str, mutation_id: int, write: Write | InvalidMutation) -> Outcome:
    if isinstance(write, InvalidMutation):
        return {"status": "rejected", "rev": 0, "why": str(write)}
    current = writer.current(write.key)
    if not matches(current, write.base):
        return {"status": "conflict", "rev": current.rev, "current": current.as_json()}
    if write.value is None and current.deleted:
        return {"status": "applied", "rev": current.rev}
    return {"status": "applied", "rev": writer.write(write.key, write.value, client_id, mutation_id)}


def matches(current: Item, base: int) -> bool:
    """Whoever saw nothing may create what is not there, also where a tombstone lies."""
    return current.rev == base or (base == 0 and current.deleted)


def _duplicate(writer: SpaceWriter, mutation: Mutation, write: Write | InvalidMutation, known: Any) -> dict[str, Any]:
    if known is None:
        return {"id": mutation.id, "status": "duplicate", "rev": 0, "original": None}
    if known.hash != mutation.hash():
        raise ApiError(422, f"Mutation {mutation.id} was sent before with another body; use a new id.")
    original: Outcome = {"status": known.status, "rev": known.rev}
    if isinstance(write, InvalidMutation):
        original["why"] = str(write)
    elif known.status == "conflict":
        original["current"] = writer.current(write.key).as_json()
    return {"id": mutation.id, "status": "duplicate", "rev": known.rev, "original": original}


def remember(writer: SpaceWriter, account: str, client_id: str, last: int, rows: list[ResultRow]) -> None:
    """Keeps the outcomes, and the client's last number."""
    connection, space_id = writer.connection, writer.space.id
    _put_client.run(connection, space=space_id, id=client_id, account=account, last_mutation=last, used_at=writer.now)
    _put_results.run(connection, rows)
    # Once in as many, because each push would find some: so there are up to twice as many.
    if last // KEPT_RESULTS > (last - len(rows)) // KEPT_RESULTS:
        _forget_results.run(connection, space=space_id, client=client_id, old=last - KEPT_RESULTS)


def _upsert_client(engine: str) -> ClauseElement:
    statement: Any = (sqlite if engine == "sqlite" else postgresql).insert(client)
    changed = {name: statement.excluded[name] for name in ("last_mutation", "used_at")}
    upsert: ClauseElement = statement.on_conflict_do_update(index_elements=["space", "id"], set_=changed)
    return upsert


_this_client = (client.c.space == bindparam("space"), client.c.id == bindparam("id"))
_its_results = (result.c.space == bindparam("space"), result.c.client == bindparam("client"))
_read_client = Prepared(lambda _engine: select(client.c.account, client.c.last_mutation).where(*_this_client))
_put_client = Prepared(_upsert_client)
_put_results = PreparedRows(result.c.keys(), lambda _engine: insert(result))
_forget_results = Prepared(lambda _engine: delete(result).where(*_its_results, result.c.mutation <= bindparam("old")))
