"""Statements of every request: compiled once for each engine, and sent without looking at each row again."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql import ClauseElement

Row = Mapping[str, Any]
Make = Callable[[str], ClauseElement]
Input = TypeVar("Input")
Arrange = Callable[[Input], Any]


class _Statement(Generic[Input]):
    """Compiled on first use, with what arranges its values as the driver wants them."""

    def __init__(self, make: Make, arranger: Callable[[Any], Arrange[Input]]) -> None:
        self._make, self._arranger = make, arranger
        self._compiled: dict[str, tuple[str, Arrange[Input]]] = {}

    def execute(self, connection: Connection, values: Input) -> CursorResult[Any]:
        dialect = connection.dialect
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled: Any = self._make(dialect.name).compile(dialect=dialect)
            known = self._compiled[dialect.name] = (compiled.string, self._arranger(compiled))
        text, arrange = known
        return connection.exec_driver_sql(text, arrange(values))


class Prepared(_Statement[Row]):
    """A statement whose values are all named. They must be what the driver takes: bytes, numbers, text, None."""

    def __init__(self, make: Make) -> None:
        super().__init__(make, _arrange_row)

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        return self.execute(connection, values)


class PreparedRows(_Statement[Sequence[tuple[Any, ...]]]):
    """A statement for many rows, which have their values in the order of these names."""

    def __init__(self, names: Sequence[str], make: Make) -> None:
        super().__init__(make, lambda compiled: _arrange_rows(compiled, tuple(names)))

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Answers how many rows it wrote."""
        return self.execute(connection, rows).rowcount


def _arrange_row(compiled: Any) -> Arrange[Row]:
    """By name, or in the order of the question marks."""
    own = {name: value for name, value in compiled.params.items() if value is not None}
    names = compiled.positiontup
    if names is None:
        return lambda row: {**own, **row}
    if own or len(names) == 1:
        return lambda row: tuple(row[name] if name in row else own[name] for name in names)
    return itemgetter(*names)


def _arrange_rows(compiled: Any, names: tuple[str, ...]) -> Arrange[Sequence[tuple[Any, ...]]]:
    if compiled.positiontup is None:
        return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]
    if tuple(compiled.positiontup) != names:
        raise ValueError(f"The statement has its values in the order {compiled.positiontup}.")
    return lambda rows: rows
