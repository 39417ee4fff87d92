"""JSON as the standard has it: no NaN, no number that becomes infinite, no member twice, bounded depth."""

import json
import math
import re
from typing import Any, NoReturn, TypeGuard

import orjson

MAX_DEPTH = 500
# The quick reader takes several times as much memory as the text, which matters where it is an import.
PLAIN_BYTES = 8 * 1024 * 1024

_lone_surrogate = re.compile("[\ud800-\udfff]")


class JsonProblem(ValueError):
    """Says what is wrong with a text that should be JSON."""


def parse(data: bytes) -> Any:
    """The value of a request body. Raises JsonProblem."""
    plain = _parse_plain(data)
    if plain is not None:
        return plain
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise JsonProblem("The body is not UTF-8.") from None
    return _decode(text, _body_decoder)


def check_text(text: str) -> None:
    """Refuses a text that is not one JSON value. Raises JsonProblem."""
    if not text.isascii() and _lone_surrogate.search(text):
        raise JsonProblem("The text holds half of a surrogate pair; escape it.")
    if not _is_plain(text):
        _decode(text, _value_decoder)


def is_text(value: object) -> TypeGuard[str]:
    """Whether this is text that has bytes: no half of a surrogate pair, as JSON may hold one."""
    return isinstance(value, str) and not _lone_surrogate.search(value)


def to_text(value: Any) -> str:
    """The JSON text of a parsed value, members in their order, storable as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _lone_surrogate.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _parse_plain(data: bytes) -> Any:
    """
    The value where that is beyond doubt, else None. What `JSON.stringify` makes comes out again as the same bytes: then
    no member was there twice and no number was too large; nor is it too deep, as orjson writes 254 levels at most.
    """
    if len(data) > PLAIN_BYTES:
        return None
    try:
        value = orjson.loads(data)
        return value if orjson.dumps(value) == data else None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None


def _is_plain(text: str) -> bool:
    """Whether it is JSON beyond doubt. What orjson refuses may be right, as is half of a surrogate pair, escaped."""
    if _has_many_brackets(text):
        return False
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _decode(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        value = _read(text, decoder)
    except JsonProblem:
        raise
    except RecursionError:
        raise JsonProblem(f"The JSON is nested deeper than {MAX_DEPTH}.") from None
    except ValueError as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ": a number is too long"
        raise JsonProblem(f"This is not JSON{place}.") from None
    if _has_many_brackets(text):
        _check_depth(value)
    return value


def _read(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        if error.pos > 0:
            raise
        end = 0
    # Few have spaces around them; looking for those takes as long as reading a short text.
    return value if end == len(text) > 0 else decoder.decode(text)


def _has_many_brackets(text: str) -> bool:
    """Whether it may be too deep. Where brackets are few, looking for the next is much quicker than counting them."""
    seen = 0
    for bracket in "[{":
        at = text.find(bracket)
        while at >= 0:
            seen += 1
            if seen > MAX_DEPTH:
                return True
            at = text.find(bracket, at + 1)
    return False


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise JsonProblem(f"The JSON is nested deeper than {MAX_DEPTH}.")


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise JsonProblem("The JSON holds a number that is too large.")
    return number


def _whole(text: str) -> int:
    # Three hundred digits are the end of what others can read.
    if len(text) > 300:
        _finite(text)
    return int(text)


def _refuse_constant(name: str) -> NoReturn:
    raise JsonProblem(f"{name} is not JSON.")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonProblem("A member appears twice in one object.")
    return members


_numbers: dict[str, Any] = {"parse_constant": _refuse_constant, "parse_float": _finite, "parse_int": _whole}
_value_decoder = json.JSONDecoder(**_numbers)
_body_decoder = json.JSONDecoder(**_numbers, object_pairs_hook=_without_twins)
