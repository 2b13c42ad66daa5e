"""Columns that hold keys, exact amounts and instants, the same for Python in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Numeric, String, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

from models.transactions import DECIMALS

_UNITS = 10**DECIMALS
_HALF = 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def key(length: int) -> TypeEngine[str]:
    """Return text that is compared byte by byte, in PostgreSQL too, whatever language the database is set to."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Amount(TypeDecorator[Decimal]):
    """NUMERIC in PostgreSQL; SQLite has no decimals, so there a whole number of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric(18, DECIMALS) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else int(value * _UNITS)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return value if value is None or dialect.name == "postgresql" else Decimal(value).scaleb(-DECIMALS)


class AmountSum(TypeDecorator[Decimal]):
    """What `exact_sum` gives."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else String())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None or dialect.name == "postgresql":
            return None if value is None else Decimal(value)
        high, low = value.split()
        return Decimal(int(high) * _HALF + int(low)).scaleb(-DECIMALS)


class exact_sum(GenericFunction[Decimal]):  # noqa: N801  (a function of SQL)
    """The sum of an `Amount` column, exact however large: SQLite's own stops at 64 bits, so it adds two halves."""

    type = AmountSum()
    inherit_cache = True

    def __init__(self, amount: ColumnElement[Decimal]) -> None:
        super().__init__(amount)


@compiles(exact_sum)
def _sum(element: exact_sum, compiler: SQLCompiler, **options: Any) -> str:
    return f"sum({compiler.process(element.clauses, **options)})"


@compiles(exact_sum, "sqlite")
def _sum_of_halves(element: exact_sum, compiler: SQLCompiler, **options: Any) -> str:
    amount = compiler.process(element.clauses, **options)
    return f"sum(({amount}) / {_HALF}) || ' ' || sum(({amount}) % {_HALF})"


class units(GenericFunction[int]):  # noqa: N801
    """An `Amount` column as a whole number of ten-thousandths, as SQLite keeps it."""

    type = BigInteger()
    inherit_cache = True


@compiles(units)
def _units(element: units, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} * {_UNITS} AS BIGINT)"


class microseconds(GenericFunction[int]):  # noqa: N801
    """An `Instant` column as microseconds since 1970, as SQLite keeps it."""

    type = BigInteger()
    inherit_cache = True


@compiles(microseconds)
def _microseconds(element: microseconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)}) * 1000000 AS BIGINT)"


@compiles(units, "sqlite")
@compiles(microseconds, "sqlite")
def _as_it_is(element: units | microseconds, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


class json_list(GenericFunction[str]):  # noqa: N801
    """A column's values as the text of a JSON array, written by the database: no value becomes an object here."""

    type = String()
    inherit_cache = True


@compiles(json_list)
def _json_list(element: json_list, compiler: SQLCompiler, **options: Any) -> str:
    return f"COALESCE(json_agg({compiler.process(element.clauses, **options)}), '[]')::text"


@compiles(json_list, "sqlite")
def _json_list_of_sqlite(element: json_list, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


class json_row(GenericFunction[str]):  # noqa: N801
    """Some columns of a row as the text of a JSON array, which holds no line break."""

    type = String()
    inherit_cache = True


@compiles(json_row)
def _json_row(element: json_row, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **options)})::text"


@compiles(json_row, "sqlite")
def _json_row_of_sqlite(element: json_row, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


class lines(GenericFunction[str]):  # noqa: N801
    """A column's texts, a line each; NULL of no rows."""

    type = String()
    inherit_cache = True


@compiles(lines)
def _lines(element: lines, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, chr(10))"


@compiles(lines, "sqlite")
def _lines_of_sqlite(element: lines, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, char(10))"


class Instant(TypeDecorator[datetime]):
    """A point in time, handed over with a zone and given back in UTC.

    TIMESTAMP WITH TIME ZONE in PostgreSQL; in SQLite, which has no times, microseconds since 1970.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, int):
            return _EPOCH + value * _MICROSECOND
        return cast("datetime | None", value)
