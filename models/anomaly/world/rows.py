"""Transactions one by one, and how an odd one is made of an account's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from models.anomaly.currencies import PER_EURO
from models.anomaly.ledger import Columns

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True)
class Row:
    """One transaction, as `Columns` holds many."""

    user: int
    time: float
    offset: float
    amount: float
    currency: str | None
    merchant: str | None
    category: str | None
    channel: str | None
    country: str | None


Rows = list[Row]


def rows_of(account: Columns) -> Rows:
    """Return an account as rows."""
    return [Row(*values) for values in zip(*(getattr(account, each.name) for each in fields(Columns)), strict=True)]


def columns_of(rows: Sequence[Row]) -> Columns:
    """Return rows as columns."""
    return Columns(*([getattr(row, each.name) for row in rows] for each in fields(Columns)))


def own_payment(history: Rows, dice: np.random.Generator) -> Row:
    """Return one of the last payments of an account, as a pattern for a plausible one."""
    payments = [row for row in history[-150:] if row.amount < 0] or history[-1:]
    return payments[dice.integers(0, len(payments))]


def usual_euros(history: Rows, share: float = 0.5) -> float:
    """Return a quantile of what the account pays, without sign."""
    sizes = [-row.amount / PER_EURO.get(row.currency or "EUR", 1.0) for row in history if row.amount < 0]
    return float(np.quantile(sizes, share)) if sizes else 30.0


def moved(row: Row, time: float, dice: np.random.Generator) -> Row:
    """Return a row moved to a later day, at its own time of day or near it."""
    if row.time % DAY == 0:
        return replace(row, time=np.ceil(time / DAY) * DAY)
    day = np.ceil(time / DAY) * DAY
    return replace(row, time=day + (row.time + float(dice.normal(0, 0.5 * HOUR))) % DAY)


def paid(row: Row, euros: float) -> Row:
    """Return a row that pays so much, in its own currency."""
    return replace(row, amount=-round(max(euros, 0.01) * PER_EURO.get(row.currency or "EUR", 1.0), 2))


def maybe_paid(row: Row, euros: float, dice: np.random.Generator) -> Row:
    """Return a row with another amount, or half the time with its own: what is odd need not be large."""
    return paid(row, euros) if dice.random() < 0.5 else row


def in_currency(row: Row, currency: str | None) -> Row:
    """Return a row that moves the same value in another currency."""
    rate = PER_EURO.get(currency or "EUR", 1.0) / PER_EURO.get(row.currency or "EUR", 1.0)
    return replace(row, currency=currency, amount=round(row.amount * rate, 2))
