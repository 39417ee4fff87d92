"""Who listens to which space, and telling them after a commit."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, join_room
from sqlalchemy.exc import SQLAlchemyError
from wsproto.frame_protocol import CloseReason

from ..config import Config
from ..database import Database
from ..metrics import Metrics
from ..store.listening import Listener, heads_of, still_allowed
from .poke import Latest, Poke
from .relay import Relay
from .websocket import MESSAGE_CHARACTERS, PING_SECONDS, PONG_SECONDS, SOCKET, WebSocket

log = logging.getLogger(__name__)

# Between two rounds: telling hundreds of clients of every single commit would keep the server busy with nothing else.
PAUSE_SECONDS = 0.1
EVENT = "poke"


class Pokes:
    """The sockets of this process."""

    def __init__(
        self,
        app: Flask,
        config: Config,
        database: Database,
        metrics: Metrics,
        let_in: Callable[[object], Listener],
    ) -> None:
        self._database, self._metrics, self._let_in = database, metrics, let_in
        self._check_seconds = config.socket_check_seconds
        self._most = config.max_sockets
        self._open: set[WebSocket] = set()
        self._listeners: dict[str, tuple[Listener, WebSocket]] = {}
        self._started = threading.Lock()
        self._socketio = _socketio(app, self._open)
        self._socketio.on_event("connect", self._connect)
        self._socketio.on_event("disconnect", self._disconnect)
        self._local = Latest(self._tell, PAUSE_SECONDS)
        self._relay = Relay(config.redis_url, self._local.put, self._tell_heads) if config.redis_url else None

    @property
    def full(self) -> bool:
        return len(self._open) >= self._most

    def announce(self, poke: Poke) -> None:
        """Tells everybody who listens to the space, here and in the other processes; it waits for nobody."""
        if self._listeners:
            self._local.put(poke)
        if self._relay:
            self._relay.send(poke)

    def say_goodbye(self) -> None:
        """Ends all connections, because the server stops."""
        for socket in list(self._open):
            socket.end(CloseReason.GOING_AWAY)

    def recheck(self) -> None:
        """Ends the connections of those who may no longer read their space."""
        sockets = list(self._listeners.values())
        listeners = {listener for listener, _ in sockets}
        allowed = self._database.read(lambda connection: still_allowed(connection, listeners))
        for listener, socket in sockets:
            if listener not in allowed:
                socket.end(CloseReason.POLICY_VIOLATION)

    def _connect(self, auth: object) -> None:
        listener, socket = self._let_in(auth), request.environ[SOCKET]
        self._start()
        join_room(listener.space)
        self._listeners[request.sid] = listener, socket  # type: ignore[attr-defined]
        socket.joined = True
        self._metrics.sockets.inc()

    def _disconnect(self, _reason: object = None) -> None:
        if self._listeners.pop(request.sid, None):  # type: ignore[attr-defined]
            self._metrics.sockets.dec()

    def _start(self) -> None:
        # With the first listener: a thread would not survive the fork of a worker.
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._recheck_again_and_again, daemon=True).start()
            if self._relay:
                self._relay.listen()

    def _recheck_again_and_again(self) -> None:
        while True:
            time.sleep(self._check_seconds)
            try:
                self.recheck()
            except SQLAlchemyError:
                log.warning("the database does not say who may still listen")

    def _tell(self, pokes: Iterable[Poke]) -> None:
        for poke in pokes:
            self._socketio.emit(EVENT, poke.as_json(), to=poke.space)

    def _tell_heads(self) -> None:
        spaces = {listener.space for listener, _ in list(self._listeners.values())}
        try:
            for head in self._database.read(lambda connection: heads_of(connection, spaces)):
                self._local.put(Poke(*head))
        except SQLAlchemyError:
            log.warning("the database does not say what was missed while Redis was away")


def _socketio(app: Flask, opened: set[WebSocket]) -> Any:
    quiet = logging.getLogger(f"{__name__}.socketio")
    # Below that it logs what clients say, tokens too.
    quiet.setLevel(logging.ERROR)
    made = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        # Origins are checked with all other requests, before a request gets here.
        cors_allowed_origins=[],
        async_handlers=False,
        manage_session=False,
        monitor_clients=False,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        max_http_buffer_size=MESSAGE_CHARACTERS * 4,
        logger=quiet,
        engineio_logger=quiet,
    )
    engine = made.server.eio
    engine._async = {**engine._async, "websocket": lambda handler, _server: WebSocket(handler, opened)}
    _stop_pings(engine)
    return made


def _stop_pings(engine: Any) -> None:
    """Our WebSocket pings without a thread of its own; without the time of a last ping, Engine.IO starts none."""
    connected = engine.handlers["connect"]

    def without_pings(sid: str, environ: dict[str, Any]) -> Any:
        engine.sockets[sid].last_ping = None
        return connected(sid, environ)

    engine.on("connect", without_pings)
