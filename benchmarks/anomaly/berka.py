"""The accounts of the Berka data as our transactions; what the data lacks is drawn, as mischief.md says."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
_BY_MACHINE = frozenset({"interest credited", "payment for statement", "sanction interest if negative balance"})
_ORDERED = frozenset({"household", "insurrance payment"})
DAY = 86400.0


@dataclass(frozen=True)
class Row:
    """One transaction; times are seconds since 1970."""

    account: str
    time: float
    amount: float
    merchant: str | None
    category: str | None
    channel: str | None
    country: str = "CZ"
    currency: str = "CZK"


def load_accounts(file: Path, seed: int = 0) -> dict[str, list[Row]]:
    """Return the transactions of each account, by time.

    The data has dates alone. Each row gets a time of day, seeded: what the bank books by machine between midnight and
    five, standing orders between five and seven, and what a person does around the hours of that person.
    """
    dice = np.random.default_rng(seed)
    accounts: dict[str, list[Row]] = defaultdict(list)
    habits: dict[str, tuple[float, float]] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            account = row["account_id"]
            middle, width = habits.setdefault(account, (float(dice.uniform(10, 17)), float(dice.uniform(1.0, 2.5))))
            purpose = row["k_symbol"] or None
            if purpose in _BY_MACHINE:
                hour = dice.uniform(0.1, 5)
            elif purpose in _ORDERED:
                hour = dice.uniform(5, 7)
            else:
                hour = np.clip(dice.normal(middle, width), 7, 22)
            day = (date.fromisoformat(row["date"]) - date(1970, 1, 1)).days
            partner = f"{row['partner_bank']} {row['partner_account']}" if row["partner_bank"] else None
            sign = 1 if row["type"] == "credit" else -1
            accounts[account].append(
                Row(
                    account=account,
                    time=day * DAY + float(hour) * 3600,
                    amount=sign * float(row["amount"]),
                    merchant=partner,
                    category=purpose,
                    channel=row["operation"] or None,
                )
            )
    return {account: sorted(rows, key=lambda row: row.time) for account, rows in accounts.items()}
