"""CSV files of the examples' accounts."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.transactions import Transaction
from tests.models.anomaly.examples import regular

HEADER = ("user_id", "amount", "currency", "timestamp", "merchant", "category", "channel", "country")
Cells = dict[str, str]


def cells(user: str, transaction: Transaction) -> Cells:
    fields = transaction.model_dump(mode="json", exclude_none=True)
    return {"user_id": user, **{name: str(fields[name]) for name in HEADER[1:] if name in fields}}


def accounts(users: int = 12, days: int = 260) -> dict[str, list[Transaction]]:
    """Accounts of one habit; every second one tells no merchants."""
    plain = regular(days)
    bare = [row.model_copy(update={"merchant": None}) for row in plain]
    return {f"user {number}": bare if number % 2 else plain for number in range(users)}


def write_csv(file: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return file


def read_csv_rows(file: Path) -> list[Cells]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
