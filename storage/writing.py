"""Putting transactions in, and taking a user out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.transactions import UserTransaction
from storage import first_uses
from storage.many import Many, Row
from storage.tables import decisions, transactions


@dataclass(frozen=True)
class Upserted:
    """How many transactions are new or changed, and how many were there already as they are."""

    stored: int
    duplicates: int


async def upsert(connection: AsyncConnection, rows: Sequence[UserTransaction]) -> Upserted:
    """Store transactions; one whose id is there is replaced, and of two with the same id the later one stays."""
    # In the order of their ids: two writers at once lock the same rows in the same order.
    last = sorted({row.id: row for row in rows}.values(), key=lambda row: row.id)
    if not last:
        return Upserted(0, 0)
    replaced = await first_uses.replaced_users(connection, last)
    touched = await _INSERT.execute(connection, [_values(row) for row in last])
    await first_uses.note(connection, last)
    await first_uses.recount(connection, replaced)
    return Upserted(touched, len(rows) - touched)


async def erase(connection: AsyncConnection, user_id: str) -> int:
    """Delete all that is stored about a user; return how many rows went."""
    gone = 0
    for table in (transactions, decisions):
        result = await connection.execute(delete(table).where(table.c.user_id == user_id))
        gone += result.rowcount
    await first_uses.erase(connection, user_id)
    return gone


def _values(row: UserTransaction) -> Row:
    """Return the values of a row, in the order of the table's columns."""
    offset = row.timestamp.utcoffset()
    return (
        row.user_id,
        row.timestamp,
        row.id,
        int(offset.total_seconds()) if offset else 0,
        f"{row.timestamp.year}-{row.timestamp.month:02}",
        row.amount,
        row.currency,
        row.merchant,
        row.category,
        row.channel,
        row.country,
        row.description,
    )


def _statements() -> Iterable[tuple[str, Any]]:
    """Return the upsert of each database; a row that is there as it is counts as untouched."""
    for dialect in (sqlite, postgresql):
        insert = dialect.insert(transactions)
        others = [column.name for column in transactions.c if column.name != "id"]
        differs = or_(*(transactions.c[name].is_distinct_from(insert.excluded[name]) for name in others))
        yield (
            dialect.__name__.rpartition(".")[2],
            insert.on_conflict_do_update(
                index_elements=["id"], set_={name: insert.excluded[name] for name in others}, where=differs
            ),
        )


_INSERT = Many(dict(_statements()), tuple(transactions.c.keys()))
