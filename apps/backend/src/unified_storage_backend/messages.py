"""The bodies and queries of requests, and the shapes of answers, as OpenAPI describes them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

Revision = Annotated[int, Field(ge=0, le=2**53 - 1)]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
Password = Annotated[str, StringConstraints(min_length=8, max_length=1024)]
Title = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Role = Literal["viewer", "editor", "owner"]


class Message(BaseModel):
    """Nothing is converted and nothing is ignored: an unknown member is a mistake of whoever sent it."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Session(Message):
    """A name and a password to sign in with."""

    # Wrong ones answer 401 and not 400, which would tell what a password may look like.
    user: Annotated[str, StringConstraints(max_length=64)]
    password: Annotated[str, StringConstraints(max_length=1024)]


class NewAccount(Message):
    """Accepts an invitation: a user with a space of their own and a place in the one they are invited to."""

    invitation: Secret
    user: UserName
    password: Password


class NewPassword(Message):
    current: Annotated[str, StringConstraints(max_length=1024)]
    password: Password


class Confirmation(Message):
    """The password once more, before something goes for ever."""

    password: Annotated[str, StringConstraints(max_length=1024)]


class NewSpace(Message):
    name: Title


class NewRole(Message):
    role: Role


class NewInvitation(Message):
    role: Literal["viewer", "editor"]


class NewValue(Message):
    """`value` is JSON text, stored exactly as it is sent."""

    value: str


class MutationBody(Message):
    """Members that can never be valid make it `rejected`; only a wrong id stops the whole push."""

    id: Annotated[int, Field(ge=1, le=2**53 - 1)]
    op: Annotated[Any, WithJsonSchema({"type": "string", "enum": ["put", "delete"]})]
    key: Annotated[Any, WithJsonSchema({"type": "string"})]
    base: Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 0})]
    value: Annotated[Any, WithJsonSchema({"type": ["string", "null"]})] = None


class PushBody(Message):
    epoch: Annotated[str, StringConstraints(max_length=64)]
    client: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    mutations: list[MutationBody]


class WriteBody(Message):
    """`check` writes nothing; `clear` deletes everything and comes first. `base` null writes whatever is there."""

    op: Literal["put", "delete", "check", "clear"]
    key: str | None = None
    base: Revision | None = None
    value: str | None = None


class TransactionBody(Message):
    """Takes the next number of its client, as a mutation does. With `head`, nothing at all may have changed since."""

    epoch: Annotated[str, StringConstraints(max_length=64)]
    client: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    id: Annotated[int, Field(ge=1, le=2**53 - 1)]
    head: Revision | None = None
    writes: list[WriteBody]


class WantedKeys(Message):
    keys: list[str]


class StorageName(Message):
    """What an app calls a storage: any text, `default` for the user's first space."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


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
