"""The text of a CSV file by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.data_file import DataError, read_text


@dataclass(frozen=True)
class Table:
    """Columns by name, and the line each row ends on."""

    file: Path
    header: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)


def read_table(file: Path) -> Table:
    """Return the table of a CSV file with a header; gzip is read by its `.gz` ending.

    Raises
    ------
    DataError: naming file and line of what is wrong.
    """
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    rows, lines = [], []
    try:
        header = tuple(name.strip() for name in next(reader, []))
        for row in reader:
            if row:
                if len(row) != len(header):
                    raise DataError(
                        f"{file}, line {reader.line_num}: {len(row)} fields where the header has {len(header)}"
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{file}, line {reader.line_num + 1}: {error}") from error
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"{file}, line 1: two columns are called {twice[0]!r}")
    if not rows:
        raise DataError(f"{file}: no rows")
    return Table(file, header, dict(zip(header, zip(*rows, strict=True), strict=True)), lines)
