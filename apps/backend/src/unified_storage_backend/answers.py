"""The shapes of answers, as OpenAPI describes them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from .messages import Revision, Role


class Answer(BaseModel):
    """The shape of an answer; the server builds it by hand and the tests compare."""

    model_config = ConfigDict(extra="forbid")


class ItemAnswer(Answer):
    key: str
    rev: Revision
    deleted: bool
    value: str | None


class ReadAnswer(Answer):
    key: str
    rev: Revision
    value: str


class RevAnswer(Answer):
    rev: Revision


class OriginalAnswer(Answer):
    status: Literal["applied", "conflict", "rejected"]
    rev: Revision
    current: ItemAnswer | None = None
    why: str | None = None


class ResultAnswer(Answer):
    id: int
    status: Literal["applied", "duplicate", "conflict", "rejected"]
    rev: Revision
    current: ItemAnswer | None = None
    why: str | None = None
    original: OriginalAnswer | None = None


class PushAnswer(Answer):
    epoch: str
    head: Revision
    lastMutation: int  # noqa: N815 - the name on the wire
    results: list[ResultAnswer]


class TransactionAnswer(Answer):
    """With `applied`, its revisions are those after `since` up to `rev`. `original`: what a duplicate's outcome was."""

    epoch: str
    head: Revision
    status: Literal["applied", "conflict", "duplicate"]
    since: Revision
    rev: Revision
    original: Literal["applied", "conflict"] | None = None


class WantedAnswer(Answer):
    """What there is of the first `done` keys; the rest did not fit into one answer."""

    epoch: str
    head: Revision
    done: int
    items: list[ItemAnswer]


class DigestAnswer(Answer):
    """SHA-256 in hex of `["a","b",1\\n2]`: the keys that are there, and the JSON texts of their values, a line each."""

    epoch: str
    head: Revision
    digest: str


class IndexItem(Answer):
    """`bytes` are those of the value's JSON text as UTF-8, `updatedAt` is in milliseconds since 1970."""

    key: str
    rev: Revision
    bytes: int
    updatedAt: int  # noqa: N815


class IndexAnswer(Answer):
    """`next` is what `after` takes for the following page, null after the last."""

    epoch: str
    head: Revision
    next: str | None
    more: bool
    items: list[IndexItem]


class ChangesAnswer(Answer):
    epoch: str
    next: Revision
    more: bool
    head: Revision
    items: list[ItemAnswer]


class SnapshotAnswer(Answer):
    """`next` is what `after` takes for the following page, null after the last."""

    epoch: str
    head: Revision
    next: str | None
    more: bool
    items: list[ItemAnswer]


class SpaceAnswer(Answer):
    id: str
    name: str
    role: Role
    epoch: str
    head: Revision


class LimitsAnswer(Answer):
    keyBytes: int  # noqa: N815
    valueBytes: int  # noqa: N815
    requestBytes: int  # noqa: N815
    mutations: int
    transactionWrites: int  # noqa: N815
    transactionBytes: int  # noqa: N815
    pageItems: int  # noqa: N815
    indexItems: int  # noqa: N815


class SessionAnswer(Answer):
    user: str
    spaces: list[SpaceAnswer]
    limits: LimitsAnswer
    protocol: int


class TokenAnswer(Answer):
    """`expires` is in milliseconds since 1970."""

    token: str
    expires: int


class InvitationAnswer(Answer):
    invitation: str
    expires: int


class SpacesAnswer(Answer):
    spaces: list[SpaceAnswer]


class MemberAnswer(Answer):
    user: str
    role: Role


class MembersAnswer(Answer):
    members: list[MemberAnswer]


class HealthAnswer(Answer):
    status: Literal["ok"]
    version: str
    protocol: int
    auth: Literal["none", "required"]
    timestamp: int


class Success(Answer):
    success: Literal[True]


class ImportAnswer(Answer):
    success: Literal[True]
    imported: int


class KeysAnswer(Answer):
    keys: list[str]


class StatsAnswer(Answer):
    total_keys: int
    total_size_bytes: int


class ErrorBody(Answer):
    code: str
    message: str
    requestId: str  # noqa: N815
    current: ItemAnswer | None = None
    head: Revision | None = None


class ErrorAnswer(Answer):
    """The one shape of every error."""

    error: ErrorBody
