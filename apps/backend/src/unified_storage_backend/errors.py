"""The one shape of every error answer."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, jsonify, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "TIMEOUT",
    409: "CONFLICT",
    410: "SINCE_TOO_OLD",
    412: "PRECONDITION_FAILED",
    413: "TOO_LARGE",
    414: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "MUTATION_REUSED",
    426: "PROTOCOL_TOO_OLD",
    428: "PRECONDITION_REQUIRED",
    429: "TOO_MANY_REQUESTS",
    431: "TOO_LARGE",
    503: "UNAVAILABLE",
}

MESSAGES = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The request did not come in time; send it again.",
    413: "The request is larger than this server accepts.",
    429: "Too many requests; try again later.",
}


class ApiError(Exception):
    """An answer that is an error: its status, a code for programs and a sentence for people."""

    def __init__(
        self, status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code or CODES[status]
        self.message = message
        self.headers = headers or {}
        self.extra = extra


def register_errors(app: Flask) -> None:
    """Gives every failure the one shape; nothing of a stack, a path or a statement gets out."""
    app.before_request(_name_request)
    app.register_error_handler(ApiError, _from_api_error)
    app.register_error_handler(HTTPException, _from_http)
    for kind in (DBAPIError, PoolTimeout):
        app.register_error_handler(kind, _from_database)
    app.register_error_handler(Exception, _from_bug)


def _name_request() -> None:
    g.request_id = uuid.uuid4().hex


def error_answer(status: int, code: str, message: str, **extra: Any) -> Response:
    body = {"code": code, "message": message, "requestId": g.get("request_id", ""), **extra}
    response = jsonify(error=body)
    response.status_code = status
    return response


def _from_api_error(error: ApiError) -> Response:
    response = error_answer(error.status, error.code, error.message, **error.extra)
    response.headers.update(error.headers)
    return response


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    message = MESSAGES.get(status, "The request cannot be understood.")
    response = error_answer(status, CODES.get(status, "HTTP"), message)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _from_database(error: DBAPIError | PoolTimeout) -> Response:
    """A database that is busy, full, damaged or gone: an outage that passes, so the client keeps its writes."""
    problem = error.orig if isinstance(error, DBAPIError) else error
    log.error("database: %s", type(problem).__name__, extra={"requestId": g.get("request_id")})
    response = error_answer(503, CODES[503], "The database does not take this now; try again later.")
    response.headers["Retry-After"] = "2"
    return response


def _from_bug(error: Exception) -> Response:
    log.error("bug in %s", request.endpoint, exc_info=error)
    return error_answer(500, "INTERNAL", "The server made a mistake; its log has the details under this requestId.")
