"""Transactions as the tables take them: made without a database, so that a back-fill makes them in another process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.transactions import UserTransaction
from storage.first_uses import UseRow, uses_of
from storage.many import Row


@dataclass(frozen=True)
class Prepared:
    """What is to be stored.

    Attributes
    ----------
    rows: one for each id, in the order of the ids: two writers at once lock the same rows in the same order.
    uses: rows of the table of first uses. given: how many transactions these are made of.
    """

    rows: list[Row]
    uses: list[UseRow]
    given: int


def prepare(transactions: Sequence[UserTransaction]) -> Prepared:
    """Return what is to be stored of transactions; of two with the same id the later one stays."""
    last = sorted({each.id: each for each in transactions}.values(), key=lambda each: each.id)
    return Prepared([_values(each) for each in last], uses_of(last), len(transactions))


def _values(transaction: UserTransaction) -> Row:
    """Return the values of a row, in the order of the table's columns."""
    instant = transaction.timestamp
    offset = instant.utcoffset()
    return (
        transaction.user_id,
        instant,
        transaction.id,
        int(offset.total_seconds()) if offset else 0,
        f"{instant.year}-{instant.month:02}",
        transaction.amount,
        transaction.currency,
        transaction.merchant,
        transaction.category,
        transaction.channel,
        transaction.country,
        transaction.description,
    )
