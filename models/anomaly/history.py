"""A user's earlier transactions on their way to the runner: the few columns that are looked at, in one text.

One text, for what carries a request between two processes would otherwise visit each of 10,000 values in Python, and
a database can write it without any of them becoming an object. Whole numbers, so that a history that is stored and the
same one that is given are the same to the last digit. What a person's transactions say in words is mostly the same few
things: told in one piece, it is read once for each different one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from models.anomaly.contract import NEWEST, AnomalyQuestion, AnomalyRequest
from models.anomaly.values import FIELDS, Field, clean
from models.transactions import DECIMALS, Transaction

UNITS = 10**DECIMALS
"""Units of an amount in one of its currency."""
MICROSECONDS = 10**6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Kind(NamedTuple):
    """What many transactions of a person have in common; offset: seconds that the clock is ahead of UTC."""

    offset: int
    currency: str
    merchant: str | None
    category: str | None
    channel: str | None
    country: str | None


class Told(NamedTuple):
    """What is looked at of one transaction; time: microseconds since 1970. amount: ten-thousandths."""

    time: int
    amount: int
    kind: Kind


class Past(NamedTuple):
    """What is told of a user before a transaction.

    Attributes
    ----------
    history: the newest transactions, packed. familiar: in which of `FIELDS` the transaction says what the user had
        before, the older ones counted; of what the newest ones tell it may say nothing.
    """

    history: str
    familiar: tuple[Field, ...]


def packed(times: str, amounts: str, kinds: str | None) -> str:
    r"""Return a history as one text of lines: two JSON arrays, and for each transaction the JSON array of its kind.

    >>> packed("[1]", "[-45900]", '[0,"EUR","shop",null,null,null]')
    '[1]\n[-45900]\n[0,"EUR","shop",null,null,null]'
    """
    return "\n".join((times, amounts, kinds) if kinds else (times, amounts))


def pack(rows: Iterable[Told]) -> str:
    """Return transactions, newest first, as one text."""
    told = list(rows)
    times, amounts = ([row.time for row in told], [row.amount for row in told])
    kinds = b"\n".join(orjson.dumps([*row.kind]) for row in told)
    return packed(orjson.dumps(times).decode(), orjson.dumps(amounts).decode(), kinds.decode())


def told(transaction: Transaction) -> Told:
    """Return what is looked at of a transaction."""
    ahead = transaction.timestamp.utcoffset()
    return Told(
        (transaction.timestamp - _EPOCH) // _MICROSECOND,
        int(transaction.amount * UNITS),
        Kind(
            int(ahead.total_seconds()) if ahead else 0,
            transaction.currency,
            transaction.merchant,
            transaction.category,
            transaction.channel,
            transaction.country,
        ),
    )


def given_past(request: AnomalyRequest) -> Past:
    """Return what a request itself tells of the user: what it gives that is dated before its transaction."""
    asked = request.transaction
    before = [each for each in request.history or () if each.timestamp < asked.timestamp]
    before.sort(key=lambda each: (each.timestamp, each.id or ""), reverse=True)
    older = before[NEWEST:]
    said = {field: {_value(each, field) for each in older} - {""} for field in FIELDS}
    familiar = tuple(field for field in FIELDS if _value(asked, field) in said[field])
    return Past(pack(map(told, before[:NEWEST])), familiar)


def _value(transaction: Transaction, field: Field) -> str:
    value: str | None = getattr(transaction, field)
    return clean(value)


def question(request: AnomalyRequest, past: Past) -> AnomalyQuestion:
    """Return what the runner is asked."""
    return AnomalyQuestion(
        user_id=request.user_id, transaction=request.transaction, history=past.history, familiar=past.familiar
    )
