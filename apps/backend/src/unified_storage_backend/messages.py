"""The bodies of requests, as OpenAPI describes them."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, with_config
from typing_extensions import TypedDict

Revision = Annotated[int, Field(ge=0, le=2**53 - 1)]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
Password = Annotated[str, StringConstraints(min_length=8, max_length=1024)]
Title = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Role = Literal["viewer", "editor", "owner"]

_strict = ConfigDict(strict=True, extra="forbid")


class Message(BaseModel):
    """Nothing is converted and nothing is ignored: an unknown member is a mistake of whoever sent it."""

    model_config = _strict


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


# A push has hundreds of them: a dict is checked in a third of the time that an object takes.
@with_config(_strict)
class MutationBody(TypedDict):
    """Members that can never be valid make it `rejected`; only a wrong id stops the whole push."""

    id: Annotated[int, Field(ge=1, le=2**53 - 1)]
    op: Annotated[Any, WithJsonSchema({"type": "string", "enum": ["put", "delete"]})]
    key: Annotated[Any, WithJsonSchema({"type": "string"})]
    base: Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 0})]
    value: NotRequired[Annotated[Any, WithJsonSchema({"type": ["string", "null"], "default": None})]]


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
