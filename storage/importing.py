"""Back-fill: a whole file of transactions into the store, a bounded piece at a time."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.progress import progress_bar
from storage.csv_rows import BadLine, CsvFormat
from storage.read_ahead import read_ahead
from storage.store import Store

_LINES_AT_ONCE = 20_000
_MOST_SHOWN = 20


class BadLines(ValueError):
    """Lines are no transactions; what stood before them is stored, of them and what follows nothing."""

    def __init__(self, lines: list[BadLine]) -> None:
        more = [f"and {len(lines) - _MOST_SHOWN} more near them"] if len(lines) > _MOST_SHOWN else []
        super().__init__("\n".join([*map(str, lines[:_MOST_SHOWN]), *more]))


@dataclass(frozen=True)
class Imported:
    """What became of a file's lines."""

    stored: int = 0
    duplicates: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return f"{self.stored} stored, {self.duplicates} there already, {self.rejected} rejected"


class Rejects(Protocol):
    """Takes the lines that cannot be read."""

    def __call__(self, lines: list[BadLine]) -> None: ...


async def import_file(
    store: Store, file: Path, form: CsvFormat, rejects: Path | None = None, stop: asyncio.Event | None = None
) -> Imported:
    """Store the transactions of a CSV file.

    Stopped anywhere and run again, it stores each transaction once: their ids say which are there. With `rejects`,
    lines that cannot be read are written to that file with the reason, and the others are stored. Once `stop` is set,
    no further piece is begun.

    Raises
    ------
    BadLines: a line cannot be read, and there is no `rejects`.
    OptionError: the file lacks a column, or is no text.
    StoreUnavailable: the database cannot be written.
    """
    done = Imported()
    with _taking(rejects) as reject, progress_bar(file.name, _chunks(file)) as step:
        async with aclosing(read_ahead(file, form, _LINES_AT_ONCE)) as chunks:
            async for chunk in chunks:
                if stop is not None and stop.is_set():
                    break
                reject(chunk.bad)
                new = await store.put(chunk.prepared)
                done = Imported(
                    done.stored + new.stored, done.duplicates + new.duplicates, done.rejected + len(chunk.bad)
                )
                step(str(done))
    return done


@contextmanager
def _taking(file: Path | None) -> Iterator[Rejects]:
    """Yield what takes bad lines: it raises, or writes them to a file."""
    if file is None:

        def refuse(lines: list[BadLine]) -> None:
            if lines:
                raise BadLines(lines)

        yield refuse
        return
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["line", "problems", "cells"])

        def write(lines: list[BadLine]) -> None:
            writer.writerows([line.line, "; ".join(line.problems), *line.cells] for line in lines)

        yield write


def _chunks(file: Path) -> int:
    """Return about how many pieces the file has, by its line ends."""
    with file.open("rb") as content:
        lines = sum(block.count(b"\n") for block in iter(lambda: content.read(1 << 20), b""))
    return max(1, -(-lines // _LINES_AT_ONCE))
