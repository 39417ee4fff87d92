"""Statements of every request: compiled once for each engine, and sent without looking at each row again."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.engine import Dialect

Row = Mapping[str, Any]


class Prepared:
    """A statement whose values are all named. They must be what the driver takes: bytes, numbers, text, None."""

    def __init__(self, make: Callable[[str], Executable]) -> None:
        self._make = make
        self._compiled: dict[str, tuple[str, Callable[[Row], Any]]] = {}

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        text, arrange = self._for(connection.dialect)
        return connection.exec_driver_sql(text, arrange(values))

    def run_many(self, connection: Connection, rows: Sequence[Row]) -> None:
        text, arrange = self._for(connection.dialect)
        connection.exec_driver_sql(text, [arrange(row) for row in rows])

    def _for(self, dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled: Any = self._make(dialect.name).compile(dialect=dialect)  # type: ignore[attr-defined]
            known = self._compiled[dialect.name] = (compiled.string, _arranger(compiled))
        return known


def _arranger(compiled: Any) -> Callable[[Row], Any]:
    """How the driver wants the values of a row: by name, or in the order of the question marks."""
    own = {name: value for name, value in compiled.params.items() if value is not None}
    names = compiled.positiontup
    if names is None:
        return lambda row: {**own, **row}
    if own or len(names) == 1:
        return lambda row: tuple(row[name] if name in row else own[name] for name in names)
    return itemgetter(*names)
