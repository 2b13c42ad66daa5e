"""Transactions from a CSV file: which column fills which field, and which lines cannot be read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from models.options import OptionError
from models.transactions import UserTransaction
from storage.prepared import Prepared, prepare

FIELDS = tuple(UserTransaction.model_fields)
REQUIRED = tuple(name for name, field in UserTransaction.model_fields.items() if field.is_required())

_ROW = TypeAdapter(UserTransaction)


@dataclass(frozen=True)
class CsvFormat:
    """How a file is written.

    Attributes
    ----------
    columns: the header's name of each field; a field that is not here has its own name.
    constants: the value of each field that no column holds.
    time_format: of `strptime`; ISO 8601 when None.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    delimiter: str = ","
    decimal: str = "."
    time_format: str | None = None


@dataclass(frozen=True)
class BadLine:
    """A line that is no transaction, and why; the cells are the caller's data and go to no log."""

    line: int
    problems: tuple[str, ...]
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"line {self.line}: {'; '.join(self.problems)}"


@dataclass(frozen=True)
class Chunk:
    """Some lines of the file: what is to be stored of them, and those that cannot be read."""

    prepared: Prepared
    bad: list[BadLine]


def read_chunks(file: Path, form: CsvFormat, size: int) -> Iterator[Chunk]:
    """Yield the lines of a file, `size` at a time.

    Raises
    ------
    OptionError: the file is empty, no UTF-8, or lacks a column.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, delimiter=form.delimiter)
        try:
            places = _places(next(reader, []), form)
            while cells := [(reader.line_num, row) for row in islice(reader, size)]:
                yield _chunk(cells, places, form)
        except UnicodeDecodeError:
            raise OptionError(f"{file} is not UTF-8 after line {reader.line_num}") from None
        except csv.Error as error:
            raise OptionError(f"{file}, line {reader.line_num}: {error}") from None


def _places(header: list[str], form: CsvFormat) -> dict[str, int]:
    """Return the position of each field's column."""
    for field in (*form.columns, *form.constants):
        if field not in FIELDS:
            raise OptionError(f"{field} is no field of a transaction; there are {', '.join(FIELDS)}")
    for field, column in form.columns.items():
        if column not in header:
            raise OptionError(f"no column {column!r} for {field}; the file has {', '.join(header) or 'no header'}")
    places = {
        field: header.index(form.columns.get(field, field))
        for field in FIELDS
        if field not in form.constants and form.columns.get(field, field) in header
    }
    for field in REQUIRED:
        if field not in places and field not in form.constants:
            raise OptionError(
                f"no column {field!r}; name it with --columns {field}=COLUMN, or --constants {field}=VALUE"
            )
    return places


def _chunk(cells: list[tuple[int, list[str]]], places: Mapping[str, int], form: CsvFormat) -> Chunk:
    rows: list[UserTransaction] = []
    bad: list[BadLine] = []
    for line, row in cells:
        try:
            rows.append(_ROW.validate_strings(_values(row, places, form)))
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            bad.append(BadLine(line, tuple(f"{each['loc'][0]}: {each['msg']}" for each in found), tuple(row)))
        except IndexError:
            bad.append(BadLine(line, ("fewer cells than the header has",), tuple(row)))
        except ValueError:
            bad.append(BadLine(line, (f"timestamp: not as {form.time_format}",), tuple(row)))
    return Chunk(prepare(rows), bad)


def _values(row: list[str], places: Mapping[str, int], form: CsvFormat) -> dict[str, str]:
    values = {field: row[place] for field, place in places.items() if row[place]}
    values.update(form.constants)
    if form.decimal != "." and "amount" in values:
        # "1 234,56" and "1.234,56": whatever groups the thousands goes.
        whole, _, fraction = values["amount"].replace("\u202f", "").replace("\xa0", "").rpartition(form.decimal)
        whole, fraction = (whole, fraction) if _ else (fraction, "0")
        values["amount"] = f"{whole.replace('.', '').replace(' ', '')}.{fraction}"
    if form.time_format is not None and "timestamp" in values:
        values["timestamp"] = datetime.strptime(values["timestamp"], form.time_format).isoformat()
    return values
