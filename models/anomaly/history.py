"""A user's earlier transactions on their way to the runner: the few columns that are looked at, in one text.

One text, for what carries a request between two processes would otherwise visit each of 10,000 values in Python, and
a database can write it without any of them becoming an object. Whole numbers, so that a history that is stored and the
same one that is given are the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from models.anomaly.contract import NEWEST, AnomalyQuestion, AnomalyRequest
from models.transactions import DECIMALS, Transaction

UNITS = 10**DECIMALS
"""Units of an amount in one of its currency."""
MICROSECONDS = 10**6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Told(NamedTuple):
    """What is looked at of one transaction.

    Attributes
    ----------
    time: microseconds since 1970. offset: seconds that its clock is ahead of UTC. amount: ten-thousandths.
    """

    time: int
    offset: int
    amount: int
    currency: str
    merchant: str | None
    category: str | None
    channel: str | None
    country: str | None


@dataclass(frozen=True)
class History:
    """Transactions as columns, each as in `Told`, newest first."""

    time: Sequence[int]
    offset: Sequence[int]
    amount: Sequence[int]
    currency: Sequence[str]
    merchant: Sequence[str | None]
    category: Sequence[str | None]
    channel: Sequence[str | None]
    country: Sequence[str | None]

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def of(cls, rows: Iterable[Told]) -> History:
        """Return rows as columns."""
        columns = list(zip(*rows, strict=True))
        return cls(*(columns or ((),) * len(fields(cls))))

    def pack(self) -> str:
        """Return one text."""
        return orjson.dumps(self).decode()

    @classmethod
    def unpack(cls, text: str) -> History:
        """Return what `pack` or `packed` packed."""
        return cls(**orjson.loads(text))


def packed(columns: Sequence[str]) -> str:
    """Return what `History.pack` does, of columns that are JSON already.

    >>> History.unpack(packed(["[1]", "[0]", "[-45900]", '["EUR"]', "[null]", "[null]", "[null]", "[null]"])).amount
    [-45900]
    """
    named = zip(Told._fields, columns, strict=True)
    return "{" + ",".join(f'"{name}":{column}' for name, column in named) + "}"


def told(transaction: Transaction) -> Told:
    """Return what is looked at of a transaction."""
    ahead = transaction.timestamp.utcoffset()
    return Told(
        (transaction.timestamp - _EPOCH) // _MICROSECOND,
        int(ahead.total_seconds()) if ahead else 0,
        int(transaction.amount * UNITS),
        transaction.currency,
        transaction.merchant,
        transaction.category,
        transaction.channel,
        transaction.country,
    )


def given_history(request: AnomalyRequest) -> str:
    """Return, packed, what a request itself gives of the user's history: the newest dated before its transaction."""
    instant = request.transaction.timestamp
    before = [each for each in request.history or () if each.timestamp < instant]
    newest = sorted(before, key=lambda each: (each.timestamp, each.id or ""), reverse=True)[:NEWEST]
    return History.of(map(told, newest)).pack()


def question(request: AnomalyRequest, history: str) -> AnomalyQuestion:
    """Return what the runner is asked."""
    return AnomalyQuestion(user_id=request.user_id, transaction=request.transaction, history=history)
