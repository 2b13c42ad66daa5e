"""Public series, read where they lie; never copied, never trained on."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.spending.months import month_number, month_of

Floats = npt.NDArray[np.float64]

M3_START = month_number("1990-01")
"""The M3 series carry no dates: any month will do, for no country's holidays are used."""


@dataclass(frozen=True)
class Task:
    """A history of one series before month `start`, and the months to forecast."""

    series: str
    history: Floats
    truth: Floats
    start: int


def m3_monthly(folder: Path) -> list[Task]:
    """Return one task for each series of the M3 competition: the 18 months after the given history."""
    values: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(folder / "series.csv.gz"):
        values[row["series_id"]][row["split"]].append((int(row["t"]), float(row["value"])))
    tasks = []
    for name, splits in values.items():
        history, truth = (np.array([value for _, value in sorted(splits[split])]) for split in ("train", "test"))
        tasks.append(Task(name, history, truth, M3_START + len(history)))
    return tasks


def berka(folder: Path, fewest: int = 9, last: int = 3) -> list[Task]:
    """Return a task for each of the last three full months of each account: its outflow, one month ahead.

    As SOURCE.md has it: all that is no credit; the first and the last month, which are partial, dropped; accounts with
    at least nine full months.
    """
    spent: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in _rows(folder / "trans.csv.gz"):
        month = month_of(date.fromisoformat(row["date"]))
        spent[row["account_id"]][month] += 0.0 if row["type"] == "credit" else float(row["amount"])
    tasks = []
    for account, months in sorted(spent.items()):
        first, end = min(months) + 1, max(months)
        amounts = np.array([months.get(month, 0.0) for month in range(first, end)])
        if len(amounts) >= fewest:
            tasks += [
                Task(account, amounts[:n], amounts[n : n + 1], first + n)
                for n in range(len(amounts) - last, len(amounts))
            ]
    return tasks


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)
