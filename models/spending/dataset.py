"""Monthly histories to learn from: generated ones, or a user's CSV file."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from models.spending.contract import LONGEST_SPAN
from models.spending.data.examples import AHEAD, Example, Split
from models.spending.months import month_number
from models.spending.series import YEAR, Floats

FEWEST = 60
"""Users without whom a policy cannot be fitted."""

_COLUMNS = ("user_id", "month", "amount")


class DataError(ValueError):
    """A file of histories is not as it should be; the message names file and line."""


def read_csv(file: Path) -> dict[str, tuple[int, Floats]]:
    """Return (first month, amounts) by user from a CSV file with the columns user_id, month (2026-03) and amount.

    Months that a user lacks between others are 0.

    Raises
    ------
    DataError: naming file and line of what is wrong.
    """
    spent: dict[str, dict[int, float]] = defaultdict(dict)
    try:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            reader = csv.DictReader(rows)
            for column in _COLUMNS:
                if column not in (reader.fieldnames or ()):
                    raise DataError(f"{file}, line 1: no column {column!r}")
            for row in reader:
                place = f"{file}, line {reader.line_num}"
                month, amount = _month(row["month"], place), _amount(row["amount"], place)
                if month in spent[row["user_id"]]:
                    raise DataError(f"{place}: the same user and month as a line before")
                spent[row["user_id"]][month] = amount
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not spent:
        raise DataError(f"{file}: no rows")
    return {user: _filled(user, months, file) for user, months in spent.items()}


def own_examples(histories: dict[str, tuple[int, Floats]], file: Path) -> list[Example]:
    """Return one example for each user with a year or more: at most half of it, and 12 months, is what followed.

    Raises `DataError` when too few users are left.
    """
    made = []
    for user, (start, amounts) in sorted(histories.items()):
        n = len(amounts) - min(YEAR, len(amounts) // 2)
        if n < YEAR // 2 or not amounts[:n].any():
            continue
        ahead = np.full(AHEAD, np.nan)
        ahead[: len(amounts) - n] = amounts[n:]
        made.append(Example("household", _split_of(user), amounts[:n], ahead, start + n))
    if len(made) < FEWEST:
        raise DataError(f"{file}: {len(made)} users have a year of months; {FEWEST} are needed")
    return made


def digest(examples: Iterable[Example]) -> str:
    """Return a SHA-256 over histories, what followed them, and splits."""
    total = hashlib.sha256()
    for each in examples:
        total.update(f"{each.kind}\t{each.split}\t{each.start}\n".encode())
        total.update(np.concatenate([each.history, each.ahead]).round(6).tobytes())
    return total.hexdigest()


def of_split(examples: Sequence[Example], split: Split) -> list[Example]:
    """Return the examples of one split."""
    return [each for each in examples if each.split == split]


def _month(text: str | None, place: str) -> int:
    try:
        year, month = (text or "").strip().split("-")
        if not (len(year) == 4 and 1900 <= int(year) < 2200 and 1 <= int(month) <= 12):
            raise ValueError
    except ValueError:
        raise DataError(f"{place}: month is not like 2026-03") from None
    return month_number(f"{year}-{month}")


def _amount(text: str | None, place: str) -> float:
    try:
        amount = float(text or "")
    except ValueError:
        amount = math.nan
    if not 0 <= amount <= 1e15:
        raise DataError(f"{place}: amount is not a number from 0 up")
    return amount


def _filled(user: str, months: dict[int, float], file: Path) -> tuple[int, Floats]:
    first, last = min(months), max(months)
    if last - first >= LONGEST_SPAN:
        raise DataError(f"{file}: the months of one user span more than {LONGEST_SPAN}")
    return first, np.array([months.get(each, 0.0) for each in range(first, last + 1)])


def _split_of(user: str) -> Split:
    """Decide by a hash of the user's id: adding a user moves no other."""
    bucket = hashlib.sha256(user.encode()).digest()[0] % 5
    return "first" if bucket < 2 else "second" if bucket < 4 else "test"
