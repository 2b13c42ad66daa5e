"""A user's earlier transactions on their way to the runner: the few columns that are looked at, in one text.

One text, for what carries a request between two processes would otherwise visit each of 10,000 values in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import orjson

from models.anomaly.contract import NEWEST, AnomalyQuestion, AnomalyRequest
from models.transactions import Transaction


class Told(NamedTuple):
    """What is looked at of one transaction; time is seconds since 1970, offset those of its clock ahead of UTC."""

    time: float
    offset: float
    amount: float
    currency: str
    merchant: str | None
    category: str | None
    channel: str | None
    country: str | None


@dataclass(frozen=True)
class History:
    """Transactions as columns, oldest first."""

    time: Sequence[float]
    offset: Sequence[float]
    amount: Sequence[float]
    currency: Sequence[str]
    merchant: Sequence[str | None]
    category: Sequence[str | None]
    channel: Sequence[str | None]
    country: Sequence[str | None]

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def of(cls, rows: Iterable[Sequence[float | str | None]]) -> History:
        """Return rows in the order of `Told` as columns."""
        columns = list(zip(*rows, strict=True))
        return cls(*(columns or ((),) * len(fields(cls))))

    def pack(self) -> str:
        """Return one text."""
        return orjson.dumps(self).decode()

    @classmethod
    def unpack(cls, text: str) -> History:
        """Return what `pack` packed."""
        return cls(**orjson.loads(text))


def told(transaction: Transaction) -> Told:
    """Return what is looked at of a transaction."""
    ahead = transaction.timestamp.utcoffset()
    return Told(
        transaction.timestamp.timestamp(),
        ahead.total_seconds() if ahead else 0.0,
        float(transaction.amount),
        transaction.currency,
        transaction.merchant,
        transaction.category,
        transaction.channel,
        transaction.country,
    )


def given_history(request: AnomalyRequest) -> History:
    """Return what a request itself gives of the user's history: the newest dated before its transaction."""
    instant = request.transaction.timestamp
    before = [told(each) for each in request.history or () if each.timestamp < instant]
    return History.of(sorted(before, key=lambda each: each.time)[-NEWEST:])


def question(request: AnomalyRequest, history: History) -> AnomalyQuestion:
    """Return what the runner is asked."""
    return AnomalyQuestion(user_id=request.user_id, transaction=request.transaction, history=history.pack())
