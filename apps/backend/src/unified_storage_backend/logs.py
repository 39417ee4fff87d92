"""One JSON object a line: what happened, never keys, values, tokens or query strings."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from .metrics import milliseconds, route

log = logging.getLogger(__name__)

_fields = ("requestId", "method", "route", "status", "ms")


class JsonLines(logging.Formatter):
    """Of an exception it shows the type and the place: its message may quote what a client sent."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        line |= {name: getattr(record, name) for name in _fields if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line)


def logging_settings(level: str) -> dict[str, Any]:
    """For logging.config.dictConfig, and for gunicorn's `logconfig_dict`."""
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}
    quiet: Mapping[str, Any] = {"level": "ERROR"}
    shown = "INFO" if level == "debug" else level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"console": handler, "error_console": handler},
        "root": {"level": level.upper(), "handlers": ["console"]},
        # Two would write addresses, and keys are in addresses; the lines of requests are written here instead.
        "loggers": {
            "werkzeug": quiet,
            "gunicorn.access": quiet,
            # gunicorn keeps it from the handlers of the root. With `debug` it would write addresses too.
            "gunicorn.error": {"level": shown, "handlers": ["console"], "propagate": False},
        },
    }


def register_logs(app: Flask) -> None:
    @app.after_request
    def write(response: Response) -> Response:
        if log.isEnabledFor(logging.INFO):
            said = {"method": request.method, "route": route(), "status": response.status_code}
            ms = round(milliseconds(), 1)
            log.info("request", extra={"requestId": g.get("request_id"), **said, "ms": ms})
        return response
