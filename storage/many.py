"""Many rows by one statement: SQLAlchemy prepares each row anew, which takes as long as the database stores it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Insert
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]


@dataclass(frozen=True)
class _Prepared:
    """A statement in a database's own words.

    Parameters
    ----------
    positional: values are told to it by their places, not by names. tellers: what makes of the values of a column what
        the driver takes, by the column's place; the others are taken as they are.
    """

    text: str
    positional: bool
    tellers: Mapping[int, Callable[[Any], Any]]


class Many:
    """Executes an INSERT, in the words of each database, for many rows.

    Parameters
    ----------
    statements: by the database's name. columns: those that a row has values of, in the order of the table.
    """

    def __init__(self, statements: Mapping[str, Insert], columns: Sequence[str]) -> None:
        self._statements = statements
        self._columns = tuple(columns)
        self._prepared: dict[str, _Prepared] = {}

    async def execute(self, connection: AsyncConnection, rows: Sequence[Row]) -> int:
        """Return how many rows were touched."""
        dialect = connection.dialect
        if dialect.name not in self._prepared:
            self._prepared[dialect.name] = self._prepare(dialect)
        prepared = self._prepared[dialect.name]
        columns: list[Iterable[Any]] = [map(itemgetter(place), rows) for place in range(len(self._columns))]
        for place, tell in prepared.tellers.items():
            columns[place] = map(tell, columns[place])
        told: list[Any] = list(zip(*columns, strict=True))
        if not prepared.positional:
            told = [dict(zip(self._columns, row, strict=True)) for row in told]
        result = await connection.exec_driver_sql(prepared.text, told, execution_options={"preserve_rowcount": True})
        return int(result.rowcount)

    def _prepare(self, dialect: Dialect) -> _Prepared:
        statement = self._statements[dialect.name]
        compiled = statement.compile(dialect=dialect, column_keys=list(self._columns))
        assert tuple(compiled.positiontup or self._columns) == self._columns, "the order is that of the table"
        types = [statement.table.c[name].type.dialect_impl(dialect) for name in self._columns]
        tellers = {place: kind.bind_processor(dialect) for place, kind in enumerate(types)}
        return _Prepared(
            str(compiled),
            compiled.positional,
            {place: tell for place, tell in tellers.items() if tell is not None},
        )
