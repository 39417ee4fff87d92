"""Keys: any well-formed, non-empty text of at most 1,024 UTF-8 bytes; none is special."""

import base64
import binascii

from .errors import ApiError

MAX_BYTES = 1024


class KeyProblem(ValueError):
    """Says why a text is no key."""


def key_bytes(key: object) -> bytes:
    """A key as it is stored. Raises KeyProblem."""
    if not isinstance(key, str) or not key:
        raise KeyProblem("A key is a text that is not empty.")
    try:
        data = key.encode("utf-8")
    except UnicodeEncodeError:
        raise KeyProblem("A key holds no half of a surrogate pair.") from None
    if len(data) > MAX_BYTES:
        raise KeyProblem(f"A key has at most {MAX_BYTES} UTF-8 bytes, not {len(data)}.")
    return data


def requested_key(key: object) -> bytes:
    """A key from a request. Raises ApiError (INVALID_KEY)."""
    try:
        return key_bytes(key)
    except KeyProblem as problem:
        raise ApiError(400, str(problem), "INVALID_KEY") from None


def key_from_base64url(text: str) -> bytes:
    """The key in an address of version 2: base64url without padding. Raises ApiError (INVALID_KEY)."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = requested_key(data.decode("utf-8"))
    except (binascii.Error, ValueError):
        raise ApiError(400, "The key in the address is not base64url of UTF-8.", "INVALID_KEY") from None
    # One key, one address: other spellings of the same bytes would dodge caches and logs.
    if base64url(key) != text:
        raise ApiError(400, "The key in the address is not base64url without padding.", "INVALID_KEY")
    return key


def base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode("ascii")


def code_unit_order(key: str) -> bytes:
    """Sorts as JavaScript does: by UTF-16 code units."""
    return key.encode("utf-16-be")
