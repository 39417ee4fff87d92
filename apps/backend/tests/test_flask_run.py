"""Sockets on Flask's own server, as `flask run` and Windows use it; and what is left of a socket that is gone."""

from flask import Flask

from unified_storage_backend.server import server_of

from .sockets import Socket, listening, put, until


def test_nothing_is_left_of_sockets_that_are_gone(app: Flask, port_of_flask: int) -> None:
    engine = app.extensions["socketio"].server.eio
    with listening(port_of_flask) as one, listening(port_of_flask) as other:
        put(port_of_flask, "a")
        assert one.hears(1)
        assert other.hears(1)
        assert len(engine.sockets) == 2
    refused = Socket(port_of_flask)
    refused.say("42[]")
    assert refused.ending() == 1008
    until(lambda: not engine.sockets)
    until(lambda: not app.extensions["socketio"].server.environ)
    assert not server_of(app).pokes.full
    assert b"unified_storage_sockets 0.0" in server_of(app).metrics.text()


def test_sockets_are_asked_again_and_told_of_the_end(app: Flask, port_of_flask: int) -> None:
    with listening(port_of_flask) as stays:
        server_of(app).pokes.recheck()
        put(port_of_flask, "a")
        assert stays.hears(1)
        server_of(app).pokes.say_goodbye()
        assert stays.ending() == 1001
