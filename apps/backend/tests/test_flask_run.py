"""Sockets on Flask's own server, as `flask run` and Windows use it; and what is left of a socket that is gone."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from unified_storage_backend.server import server_of

from .sockets import Socket, listening, put, until


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
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


def test_nothing_is_left_of_sockets_that_are_gone(app: Flask, port: int) -> None:
    engine = app.extensions["socketio"].server.eio
    with listening(port) as one, listening(port) as other:
        put(port, "a")
        assert one.hears(1)
        assert other.hears(1)
        assert len(engine.sockets) == 2
    refused = Socket(port)
    refused.say("42[]")
    assert refused.ending() == 1008
    until(lambda: not engine.sockets)
    until(lambda: not app.extensions["socketio"].server.environ)
    assert not server_of(app).pokes.full
    assert b"unified_storage_sockets 0.0" in server_of(app).metrics.text()


def test_sockets_are_asked_again_and_told_of_the_end(app: Flask, port: int) -> None:
    with listening(port) as stays:
        server_of(app).pokes.recheck()
        put(port, "a")
        assert stays.hears(1)
        server_of(app).pokes.say_goodbye()
        assert stays.ending() == 1001
