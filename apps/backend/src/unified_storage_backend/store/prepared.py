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

    def _for(self, dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = _compile(self._make, dialect)
            known = self._compiled[dialect.name] = (compiled.string, _arranger(compiled))
        return known


class PreparedRows:
    """A statement for many rows, which have their values in the order of these names."""

    def __init__(self, names: Sequence[str], make: Callable[[str], Executable]) -> None:
        self._names, self._make = tuple(names), make
        self._compiled: dict[str, tuple[str, bool]] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        text, is_named = self._for(connection.dialect)
        sent: Any = [dict(zip(self._names, row, strict=True)) for row in rows] if is_named else rows
        connection.exec_driver_sql(text, sent)

    def _for(self, dialect: Dialect) -> tuple[str, bool]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = _compile(self._make, dialect)
            order = compiled.positiontup
            if order is not None and tuple(order) != self._names:
                raise ValueError(f"The statement has its values in the order {order}.")
            known = self._compiled[dialect.name] = (compiled.string, order is None)
        return known


def _compile(make: Callable[[str], Executable], dialect: Dialect) -> Any:
    return make(dialect.name).compile(dialect=dialect)  # type: ignore[attr-defined]


def _arranger(compiled: Any) -> Callable[[Row], Any]:
    """How the driver wants the values: by name, or in the order of the question marks."""
    own = {name: value for name, value in compiled.params.items() if value is not None}
    names = compiled.positiontup
    if names is None:
        return lambda row: {**own, **row}
    if own or len(names) == 1:
        return lambda row: tuple(row[name] if name in row else own[name] for name in names)
    return itemgetter(*names)
