"""Transactions of many users: generated accounts, or a CSV file."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from pydantic import ValidationError

from models.anomaly.history import MICROSECONDS, UNITS, Told, told
from models.anomaly.ledger import Bools, Columns, Ints, Ledger
from models.progress import progress_bar
from models.transactions import Transaction

LABEL = "is_anomaly"
_FIELDS = ("id", "amount", "currency", "timestamp", "merchant", "category", "channel", "country", "description")
_NEEDED = ("user_id", "amount", "currency", "timestamp")
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no", ""})
_FEWEST_ROWS, _FEWEST_USERS = 1000, 10
_LINES_A_STEP = 10_000


class DataError(ValueError):
    """A file of transactions is not as it should be; the message names file and line."""


@dataclass(frozen=True)
class Table:
    """The transactions of a CSV file.

    Attributes
    ----------
    header, cells: the file as it is. columns: its transactions, in its order, users numbered as they first come.
    anomaly: (n,) what its column `is_anomaly` says, all false where it has none; labelled: whether it has one.
    """

    header: tuple[str, ...]
    cells: Sequence[Sequence[str]]
    columns: Columns
    anomaly: Bools
    labelled: bool

    def ledger(self) -> Ledger:
        """Return the transactions, sorted by user and time."""
        return self.columns.ledger()


def read_csv(file: Path) -> Table:
    """Return the transactions of a CSV file with a header; gzip is read by its `.gz` ending.

    Columns user_id, amount, currency, timestamp; merchant, category, channel, country where known; others are let be.

    Raises
    ------
    DataError: naming file, line and column of what is wrong.
    """
    try:
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        content = raw.decode("utf-8").removeprefix("\ufeff")
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{file}, line {line}: not UTF-8") from error
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, []))
        for column in _NEEDED:
            if column not in header:
                raise DataError(
                    f"{file}, line 1: no column {column!r}; the header has {', '.join(header) or 'nothing'}"
                )
        cells, rows = [], []
        with progress_bar("reading", max(1, content.count("\n") // _LINES_A_STEP)) as advance:
            for row in filter(None, reader):
                cells.append(row)
                rows.append(_row(file, reader.line_num, header, row))
                if len(rows) % _LINES_A_STEP == 0:
                    advance(f"{len(rows):,} transactions")
    except csv.Error as error:
        raise DataError(f"{file}, line {reader.line_num}: {error}") from error
    if not rows:
        raise DataError(f"{file}: no rows")
    users: dict[str, int] = {}
    numbers = [users.setdefault(user, len(users)) for user, _, _ in rows]
    times, amounts, kinds = zip(*(each for _, each, _ in rows), strict=True)
    offsets, *names = zip(*kinds, strict=True)
    seconds, paid = [time / MICROSECONDS for time in times], [amount / UNITS for amount in amounts]
    columns = Columns(numbers, seconds, offsets, paid, *names)
    return Table(header, cells, columns, np.array([anomaly for _, _, anomaly in rows]), LABEL in header)


def _row(file: Path, line: int, header: tuple[str, ...], row: list[str]) -> tuple[str, Told, bool]:
    if len(row) != len(header):
        raise DataError(f"{file}, line {line}: {len(row)} fields where the header has {len(header)}")
    cells = dict(zip(header, row, strict=True))
    if not cells["user_id"].strip():
        raise DataError(f"{file}, line {line}: empty user_id")
    given: dict[str, Any] = {name: cells[name].strip() for name in _FIELDS if cells.get(name, "").strip()}
    try:
        transaction = Transaction.model_validate(given)
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False, include_input=False)
        raise DataError(f"{file}, line {line}, column {first['loc'][0]}: {first['msg']}") from None
    label = cells.get(LABEL, "").strip().lower()
    if label not in _YES | _NO:
        raise DataError(f"{file}, line {line}, column {LABEL}: neither 1 nor 0")
    return cells["user_id"], told(transaction), label in _YES


def check_trainable(table: Table, file: Path) -> None:
    """Raise `DataError` unless there are enough users and transactions to learn from."""
    if len(table.cells) < _FEWEST_ROWS:
        raise DataError(f"{file}: {len(table.cells)} transactions; at least {_FEWEST_ROWS} are needed")
    users = len(set(table.columns.user))
    if users < _FEWEST_USERS:
        raise DataError(f"{file}: {users} users; at least {_FEWEST_USERS} are needed")


def accounts_of(columns: Columns, keep: Bools | None = None) -> list[Columns]:
    """Return the transactions of each user by themselves, by time; only those to keep."""
    order = np.lexsort((np.asarray(columns.time), np.asarray(columns.user)))
    kept = order if keep is None else order[keep[order]]
    users = np.asarray(columns.user)[kept]
    parts = np.split(kept, np.flatnonzero(np.diff(users)) + 1) if len(kept) else []
    return [take(columns, part) for part in parts]


def take(columns: Columns, rows: Ints) -> Columns:
    """Return some transactions."""
    places = rows.tolist()
    return Columns(*([values[place] for place in places] for values in vars(columns).values()))


def join(accounts: Sequence[Columns]) -> Columns:
    """Return the transactions of accounts together; each account becomes a user of its own."""
    parts = [list(vars(account).values())[1:] for account in accounts]
    users = [number for number, account in enumerate(accounts) for _ in account.time]
    return Columns(users, *([value for part in parts for value in part[place]] for place in range(8)))


def digest(columns: Columns) -> str:
    """Return a SHA-256 over transactions."""
    return hashlib.sha256(orjson.dumps(columns)).hexdigest()
