"""Connections to PostgreSQL that wait for an answer in bounded time, whatever became of the server or the way to it."""

from typing import Any

from psycopg import Connection, OperationalError
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Dialect

CONNECT_SECONDS = 5
# For one statement; a large import is many.
ANSWER_SECONDS = 30.0
SERVER_LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class PatientConnection(Connection[Any]):
    """The server's own limits do not help where it hangs, and those of TCP do not where its system still answers."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except OperationalError as problem:
            # The server's answers have a code. One that came later would be taken for that to another question.
            if problem.sqlstate is None:
                self.pgconn.finish()
            raise


def postgres_engine(url: str) -> Engine:
    # Without a statement that proves it alive first, a connection that was cut while it was idle would fail a request.
    engine = create_engine(url, isolation_level="SERIALIZABLE", pool_pre_ping=True, pool_size=10, pool_recycle=1800)
    if engine.dialect.driver == "psycopg":
        event.listen(engine, "do_connect", _connect)
    return engine


def _connect(_dialect: Dialect, _record: Any, args: Any, parameters: dict[str, Any]) -> PatientConnection:
    # The server gives up too, instead of working for nobody.
    limits = " ".join(f"-c {name}={int(ANSWER_SECONDS)}s" for name in SERVER_LIMITS)
    own = f"{parameters.get('options', '')} {limits}".strip()
    known = {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    return PatientConnection.connect(*args, **(known | parameters | {"options": own}))
