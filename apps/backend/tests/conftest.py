"""A fresh server for every test, spoken to as over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from unified_storage_backend import create_app
from unified_storage_backend.config import Config
from unified_storage_backend.server import server_of

from .people import Person, sign_up

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[MakeApp]:
    """Starts servers on this test's own database file."""
    apps: list[Flask] = []

    def make(**settings: Any) -> Flask:
        config = replace(Config(database_url=f"sqlite:///{tmp_path}/storage.db"), **settings)
        apps.append(create_app(config))
        return apps[-1]

    yield make
    for app in apps:
        server_of(app).database.close()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def team(make_app: MakeApp) -> Flask:
    """A server with logins."""
    return make_app(auth="required", rate_limit=None, login_rate_limit="1000 per minute")


@pytest.fixture
def ann(team: Flask) -> Person:
    return sign_up(team, "ann")


@pytest.fixture
def bob(team: Flask) -> Person:
    return sign_up(team, "bob")
