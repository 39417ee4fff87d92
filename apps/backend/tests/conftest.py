"""A fresh server for every test, spoken to as over HTTP."""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from unified_storage_backend import create_app
from unified_storage_backend.config import Config
from unified_storage_backend.database import Database
from unified_storage_backend.migrate import migrate
from unified_storage_backend.server import server_of

from .described import check_answer
from .people import Person, sign_up
from .postgres import make_database, postgres

MakeApp = Callable[..., Flask]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_engines"):
        metafunc.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """SQLite, where the test is not marked to run on both."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with postgres() as address:
        template = Database(make_database(address, "template_us", "template1"))
        migrate(template)
        template.close()
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has the tables, so that not every test has to wait for them."""
    file = tmp_path_factory.mktemp("template") / "storage.db"
    template = Database(f"sqlite:///{file}")
    migrate(template)
    template.close()
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> str:
    """A database of this test alone."""
    if engine == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "storage.db")
        return f"sqlite:///{file}"
    return make_database(request.getfixturevalue("postgres_address"), uuid.uuid4().hex, "template_us")


@pytest.fixture
def make_app(database_url: str) -> Iterator[MakeApp]:
    """Starts servers on this test's own database."""
    apps: list[Flask] = []

    def make(**settings: Any) -> Flask:
        config = replace(Config(database_url=database_url), **settings)
        apps.append(create_app(config))
        apps[-1].after_request(check_answer)
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


@pytest.fixture
def port_of_flask(app: Flask) -> Iterator[int]:
    """Flask's own server, in a thread of this process."""
    flask_server = make_server("127.0.0.1", 0, app, threaded=True)
    # The threads of sockets end with their clients.
    flask_server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=flask_server.serve_forever)
    thread.start()
    try:
        yield int(flask_server.port)
    finally:
        flask_server.shutdown()
        thread.join()
        flask_server.server_close()
