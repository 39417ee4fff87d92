"""Requests made up from the description of the API, right ones and wrong ones; no answer may be outside it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
import werkzeug
from flask import Flask, Response, request
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.openapi import from_wsgi
from sqlalchemy import Connection, delete, insert, select

from unified_storage_backend.server import server_of
from unified_storage_backend.tables import token

from .budget import budget, seed_of, write_down
from .conftest import MakeApp
from .people import sign_up

EXAMPLES = budget("EXAMPLES", 2)
# Right by the letter of the description, and yet refused: for what it cannot say of keys, JSON text and ETags, and of
# which members of a write go together.
EXCUSES = re.compile(
    "The key in the address is not|A key |Version 1 cannot reach|If-Match|If-None-Match|There is no revision|"
    "This is not JSON|half of a surrogate|is nested deeper|number that is too large|valid integer|"
    "a put has a value, and|clear comes first, and|a check has a base"
)
FOUND = {"allowed": ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "428"]}
SETTINGS: dict[str, Any] = {
    "generation": {"max-examples": EXAMPLES, "database": "none"},
    "checks": {"positive_data_acceptance": {"expected-statuses": FOUND["allowed"]}},
    "operations": [
        # A mutation that can never be valid is set aside with a 200.
        {"include-path-regex": "/push$", "checks": {"negative_data_rejection": {"expected-statuses": ["2xx", "4xx"]}}},
        # A right question, asked without the headers of a handshake, which the description leaves to RFC 6455.
        {"include-path": "/socket.io/", "checks": {"positive_data_acceptance": {"expected-statuses": ["101", "426"]}}},
    ],
    # Where there is something to find; the rest of the names is made up.
    "dictionaries": {
        "spaces": {"values": ["default"]},
        "keys": {"values": ["YQ", "Yg", "a"]},
        "users": {"values": ["ann", "bob"]},
    },
    "parameters": {
        "path.space_id": {"dictionary": "spaces", "probability": 0.7},
        "path.key": {"dictionary": "keys", "probability": 0.7},
        "path.user": {"dictionary": "users", "probability": 0.7},
    },
}


class Client(werkzeug.Client):
    """The check of the logins passes settings on that only a network has."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in ("cert", "max_redirects", "proxies", "verify"):
            kwargs.pop(name, None)
        return super().open(*args, **kwargs)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.both_engines
@pytest.mark.parametrize("auth", ["none", "required"])
def test_no_answer_is_outside_the_description(
    make_app: MakeApp, engine: str, auth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemathesis.python.wsgi.get_client", Client)
    app = make_app(auth=auth, login_rate_limit="1000000 per minute", rate_limit=None)
    answers = count_answers(app)
    headers = {}
    if auth == "required":
        sign_up(app, "bob")
        headers = {"Authorization": f"Bearer {sign_up(app, 'ann').token}"}
        keep_tokens(app)
    seed = seed_of(engine, auth)
    config = schemathesis.Config.from_dict(SETTINGS | {"headers": headers, "seed": seed})
    schema = from_wsgi("/openapi.json", app, config=config)
    problems = [problem for event in from_schema(schema).execute() for problem in problems_of(event)]
    counts = {"requests": sum(answers.values()), "failed": failed(answers), "wrong": len(problems)}
    write_down(test="requests", engine=engine, auth=auth, **counts, answers=answers, seed=seed)
    assert not problems, "\n\n".join(problems)
    assert not failed(answers)


def failed(answers: Counter[int]) -> int:
    return sum(count for status, count in answers.items() if status >= 500)


def count_answers(app: Flask) -> Counter[int]:
    answers: Counter[int] = Counter()

    def count(response: Response) -> Response:
        answers[response.status_code] += 1
        return response

    app.after_request(count)
    return answers


def keep_tokens(app: Flask) -> None:
    """Undoes each signing out, or all that follows would be 401."""

    def rows(connection: Connection) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(select(token)).mappings()]

    database = server_of(app).database
    kept = database.read(rows)

    def restore(connection: Connection) -> None:
        connection.execute(delete(token))
        connection.execute(insert(token), kept)

    def put_back(response: Response) -> Response:
        if request.endpoint == "session.sign_out" and response.status_code == 200:
            database.write(restore)
        return response

    app.after_request(put_back)


def problems_of(event: object) -> Iterator[str]:
    if isinstance(event, events.ScenarioFinished):
        yield from failures_of(event.recorder)
    elif isinstance(event, (events.NonFatalError, events.FatalError)):
        yield repr(event)


def failures_of(recorder: ScenarioRecorder) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        case, response = recorder.cases[case_id].value, recorder.find_response(case_id=case_id)
        if is_of_another(case):
            continue
        text = (response.content if response else b"").decode()
        for check in checks:
            if check.failure_info and not (check.name == "positive_data_acceptance" and EXCUSES.search(text)):
                yield f"{check.failure_info.failure}\n{case.as_curl_command()}\n{text}"


def is_of_another(case: schemathesis.Case[Any]) -> bool:
    """A key named as a route of version 1 leads there: OpenAPI matches a concrete path before one with parameters."""
    path = unquote(case.formatted_path)
    return path != case.operation.path and path in case.operation.schema.raw_schema["paths"]
