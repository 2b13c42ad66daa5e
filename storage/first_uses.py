"""Since when each user has had each merchant, category, channel, country and currency.

What a user had once is known for good, however many transactions ago: the newest ones alone would forget it, and
reading all of them takes the longer the more there are. Kept beside the transactions, in the same database transaction,
and always what they say: when one is replaced, its user's are counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Insert, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.anomaly.values import FIELDS, clean
from models.transactions import UserTransaction
from storage.many import Many
from storage.tables import first_uses as table
from storage.tables import transactions

Use = tuple[str, str, str | None]
"""User, field and value."""
_IDS_AT_ONCE = 5000


def digest(value: str | None) -> str | None:
    """Return what stands for a value: the same for all that are compared as the same, None for none."""
    name = clean(value)
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest() if name else None


async def note(connection: AsyncConnection, rows: Iterable[UserTransaction]) -> None:
    """Take notice of transactions that are stored."""
    newest_first = sorted(rows, key=lambda row: row.timestamp, reverse=True)  # so that of each use the first one stays
    await _keep(
        connection,
        {(row.user_id, field, getattr(row, field)): row.timestamp for row in newest_first for field in FIELDS},
    )


async def replaced_users(connection: AsyncConnection, rows: Sequence[UserTransaction]) -> set[str]:
    """Return whose stored transactions say otherwise than `rows` of the same ids, which are about to replace them."""
    columns = ("user_id", "occurred_at", *FIELDS)
    new = {row.id: row for row in rows}
    ids = list(new)
    users: set[str] = set()
    for at in range(0, len(ids), _IDS_AT_ONCE):
        query = select(transactions.c.id, *(transactions.c[name] for name in columns)).where(
            transactions.c.id.in_(ids[at : at + _IDS_AT_ONCE])
        )
        # Locked, so that what is compared here is what is replaced: another writer waits.
        for id_, *stored in await connection.execute(query.order_by(transactions.c.id).with_for_update()):
            row = new[id_]
            if stored != [row.user_id, row.timestamp, *(getattr(row, field) for field in FIELDS)]:
                users.add(stored[0])
    return users


async def recount(connection: AsyncConnection, users: Iterable[str]) -> None:
    """Put what is known of users in accord with all their transactions."""
    for user in sorted(users):
        await connection.execute(delete(table).where(table.c.user_id == user))
        for field in FIELDS:
            column = transactions.c[field]
            query = select(column, func.min(transactions.c.occurred_at)).where(transactions.c.user_id == user)
            found = await connection.execute(query.group_by(column))
            await _keep(connection, {(user, field, value): first for value, first in found})


async def erase(connection: AsyncConnection, user_id: str) -> None:
    """Forget a user."""
    await connection.execute(delete(table).where(table.c.user_id == user_id))


def distinct(first: Iterable[tuple[Use, datetime]]) -> list[tuple[str, str, str, datetime]]:
    """Return rows of the table, in the order of its key: two writers at once lock the same rows in the same order."""
    found: dict[tuple[str, str, str], datetime] = {}
    names: dict[str | None, str | None] = {}  # a few merchants have most of the payments
    for (user, field, value), at in first:
        if value not in names:
            names[value] = digest(value)
        if (name := names[value]) is not None:
            use = (user, field, name)
            if found.get(use, at) >= at:
                found[use] = at
    return [(*use, at) for use, at in sorted(found.items())]


async def _keep(connection: AsyncConnection, first: dict[Use, datetime]) -> None:
    if rows := distinct(first.items()):
        await _INSERT.execute(connection, rows)


def _statements() -> Iterator[tuple[str, Insert]]:
    """Return what keeps the earlier of two times, for each database."""
    for dialect in (sqlite, postgresql):
        insert = dialect.insert(table)
        yield (
            dialect.__name__.rpartition(".")[2],
            insert.on_conflict_do_update(
                index_elements=["user_id", "field", "value"],
                set_={"first_at": insert.excluded.first_at},
                where=insert.excluded.first_at < table.c.first_at,
            ),
        )


_INSERT = Many(dict(_statements()), tuple(table.c.keys()))
