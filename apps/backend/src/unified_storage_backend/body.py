"""Reads the body and the query of a request, strictly."""

from typing import Any, TypeVar

from flask import request
from pydantic import ValidationError

from .errors import ApiError
from .keys import key_from_base64url
from .messages import Message
from .server import server
from .strict_json import JsonProblem, parse

Body = TypeVar("Body", bound=Message)


def body_of(model: type[Body], max_bytes: int | None = None) -> Body:
    """The body as the model describes it. Raises ApiError (UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST, TOO_LARGE)."""
    try:
        return model.model_validate(json_body(max_bytes))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "the body"
        raise ApiError(400, f"{place}: {problem['msg']}.") from None


def json_body(max_bytes: int | None = None) -> Any:
    """The body as JSON. The content type is what a plain HTML form of another site cannot send."""
    require_json_type()
    request.max_content_length = max_bytes or server().config.limits.request_bytes
    try:
        return parse(request.get_data(cache=False))
    except JsonProblem as problem:
        raise ApiError(400, str(problem)) from None


def require_json_type() -> None:
    if request.mimetype != "application/json":
        raise ApiError(415, "Send the content type application/json.")


def query_number(name: str, default: int | None, least: int, most: int) -> int:
    """A whole number of the query. Raises ApiError (BAD_REQUEST)."""
    text = query_text(name, None if default is None else str(default))
    if text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most:
        return int(text)
    raise ApiError(400, f"{name} must be a whole number from {least} to {most}.")


def query_text(name: str, default: str | None) -> str:
    values = request.args.getlist(name)
    if len(values) > 1:
        raise ApiError(400, f"{name} is there more than once.")
    if values:
        return values[0]
    if default is None:
        raise ApiError(400, f"{name} is missing.")
    return default


def query_key(name: str) -> bytes:
    """A key of the query, empty where there is none. Raises ApiError (INVALID_KEY)."""
    text = query_text(name, "")
    return key_from_base64url(text) if text else b""


def only_query(*names: str) -> None:
    """Refuses what no one reads: a misspelt option would be ignored in silence."""
    unknown = sorted(set(request.args) - set(names))
    if unknown:
        raise ApiError(400, f"The query knows only {', '.join(names)}." if names else "There is no query here.")
