"""Putting transactions in, and taking a user out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import first_uses
from storage.many import Many
from storage.prepared import Prepared
from storage.tables import decisions, transactions


@dataclass(frozen=True)
class Upserted:
    """How many transactions are new or changed, and how many were there already as they are."""

    stored: int
    duplicates: int


async def upsert(connection: AsyncConnection, prepared: Prepared) -> Upserted:
    """Store transactions; one whose id is there is replaced."""
    if not prepared.rows:
        return Upserted(0, 0)
    replaced = await first_uses.replaced_users(connection, prepared.rows)
    touched = await _INSERT.execute(connection, prepared.rows)
    await first_uses.note(connection, prepared.uses)
    await first_uses.recount(connection, replaced)
    return Upserted(touched, prepared.given - touched)


async def erase(connection: AsyncConnection, user_id: str) -> int:
    """Delete all that is stored about a user; return how many rows went."""
    gone = 0
    for table in (transactions, decisions):
        result = await connection.execute(delete(table).where(table.c.user_id == user_id))
        gone += result.rowcount
    await first_uses.erase(connection, user_id)
    return gone


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
