"""Reading what a user did: bounded lists and sums that the database makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.transactions import Transaction
from storage.column_types import exact_sum
from storage.tables import transactions as table

_PLAIN = tuple(name for name in Transaction.model_fields if name != "timestamp")
_COLUMNS = ("occurred_at", "utc_offset_s", *_PLAIN)


@dataclass(frozen=True)
class MonthlySpending:
    """What a user spent in one month and currency; a month with income alone has amount 0."""

    currency: str
    month: str
    amount: Decimal
    payments: int


async def monthly_spending(
    connection: AsyncConnection, user_id: str, category: str | None, before: date
) -> list[MonthlySpending]:
    """Return the months in which the user has transactions and that end before the month of `before`, by currency.

    Spending is the sum of the negative amounts, as a positive number. A month that lacks is one without
    transactions. A month is that of the zone in which a transaction's time was written.
    """
    spent = case((table.c.amount < 0, -table.c.amount), else_=literal(Decimal(0), table.c.amount.type))
    query = (
        select(table.c.currency, table.c.month, exact_sum(spent), func.count().filter(table.c.amount < 0))
        .where(table.c.user_id == user_id, table.c.month < f"{before.year}-{before.month:02}")
        .group_by(table.c.currency, table.c.month)
        .order_by(table.c.currency, table.c.month)
    )
    if category is not None:
        query = query.where(table.c.category == category)
    return [MonthlySpending(*row) for row in await connection.execute(query)]


async def recent_transactions(
    connection: AsyncConnection, user_id: str, before: datetime, limit: int
) -> list[Transaction]:
    """Return the newest `limit` transactions dated before a time, oldest first, each in the zone it was written in."""
    query = (
        select(*(table.c[name] for name in _COLUMNS))
        .where(table.c.user_id == user_id, table.c.occurred_at < before)
        .order_by(table.c.occurred_at.desc(), table.c.id.desc())
        .limit(limit)
    )
    newest = [_transaction(row) for row in await connection.execute(query)]
    return newest[::-1]


async def history_size(connection: AsyncConnection, user_id: str, before: datetime) -> int:
    """Return how many transactions of the user are dated before a time."""
    query = select(func.count()).where(table.c.user_id == user_id, table.c.occurred_at < before)
    return (await connection.execute(query)).scalar_one()


async def knows(connection: AsyncConnection, user_id: str) -> bool:
    """Say whether any transaction of the user is stored."""
    return (await connection.execute(select(1).where(table.c.user_id == user_id).limit(1))).first() is not None


async def main_country(connection: AsyncConnection, user_id: str) -> str | None:
    """Return the country that most of the user's transactions name."""
    query = (
        select(table.c.country)
        .where(table.c.user_id == user_id, table.c.country.is_not(None))
        .group_by(table.c.country)
        .order_by(func.count().desc(), table.c.country)
        .limit(1)
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def users_after(connection: AsyncConnection, user_id: str, limit: int) -> list[str]:
    """Return the next users that have transactions, in the order of their ids."""
    query = select(table.c.user_id).distinct().where(table.c.user_id > user_id).order_by(table.c.user_id).limit(limit)
    return list((await connection.execute(query)).scalars())


def _transaction(row: Row[*tuple[Any, ...]]) -> Transaction:
    # Not validated again: it was before it was stored, and 2,000 of them are read for one answer.
    instant, offset_s, *rest = row
    return Transaction.model_construct(
        timestamp=instant.astimezone(_zone(offset_s)) if offset_s else instant,
        **dict(zip(_PLAIN, rest, strict=True)),
    )


@lru_cache(maxsize=256)
def _zone(offset_s: int) -> timezone:
    return timezone(timedelta(seconds=offset_s))
