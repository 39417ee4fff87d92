"""Users of a server with logins."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from unified_storage_backend.server import server_of
from unified_storage_backend.store import accounts

PASSWORD = "correct horse battery"
# Slow hashing is proved once; here it would only slow the tests.
HASH = accounts.hash_password(PASSWORD)


class Person:
    """A user with a token."""

    def __init__(self, app: Flask, name: str, token: str) -> None:
        self.app, self.name, self.token = app, name, token

    def ask(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.app.test_client().open(path, method=method, json=json, headers=sent)

    def space(self) -> dict[str, Any]:
        session: Any = self.ask("GET", "/v2/session").json
        first: dict[str, Any] = session["spaces"][0]
        return first


def sign_up(app: Flask, name: str) -> Person:
    def work(connection: Any) -> str:
        account_id = accounts.create_account(connection, name, HASH)
        return accounts.create_token(connection, account_id, "session", "test", 1).secret

    return Person(app, name, server_of(app).database.write(work))
