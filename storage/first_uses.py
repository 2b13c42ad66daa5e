"""Since when each user has had each merchant, category, channel, country and currency.

What a user had once is known for good, however many transactions ago: the newest ones alone would forget it, and
reading all of them takes the longer the more there are. Kept beside the transactions, in the same database transaction,
and always what they say: when one is replaced, its user's are counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Insert, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.anomaly.values import FIELDS, clean
from models.transactions import UserTransaction
from storage.many import Many, Row
from storage.tables import first_uses as table
from storage.tables import transactions

Use = tuple[str, str, str | None]
"""User, field and value."""
UseRow = tuple[str, str, str, datetime]
"""A row of the table: user, field, digest of the value, and the time."""

_COLUMNS = transactions.c.keys()
_TOLD = ("user_id", "occurred_at", *FIELDS)
_ID = itemgetter(_COLUMNS.index("id"))
_SAID = itemgetter(*map(_COLUMNS.index, _TOLD))
_IDS_AT_ONCE = 5000


def digest(value: str | None) -> str | None:
    """Return what stands for a value: the same for all that are compared as the same, None for none."""
    name = clean(value)
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest() if name else None


def uses_of(rows: Iterable[UserTransaction]) -> list[UseRow]:
    """Return what `note` takes of transactions."""
    newest_first = sorted(rows, key=lambda row: row.timestamp, reverse=True)  # so that of each use the first one stays
    first = {(row.user_id, field, getattr(row, field)): row.timestamp for row in newest_first for field in FIELDS}
    return distinct(first.items())


async def note(connection: AsyncConnection, uses: Sequence[UseRow]) -> None:
    """Take notice of uses; of two of the same the earlier one stays."""
    if uses:
        await _INSERT.execute(connection, uses)


async def replaced_users(connection: AsyncConnection, rows: Sequence[Row]) -> set[str]:
    """Return whose stored transactions say otherwise than `rows` of the same ids, which are about to replace them."""
    new = {_ID(row): _SAID(row) for row in rows}
    ids = list(new)
    users: set[str] = set()
    for at in range(0, len(ids), _IDS_AT_ONCE):
        query = select(transactions.c.id, *(transactions.c[name] for name in _TOLD)).where(
            transactions.c.id.in_(ids[at : at + _IDS_AT_ONCE])
        )
        # Locked, so that what is compared here is what is replaced: another writer waits.
        for id_, *stored in await connection.execute(query.order_by(transactions.c.id).with_for_update()):
            if tuple(stored) != new[id_]:
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
            await note(connection, distinct(((user, field, value), first) for value, first in found))


async def erase(connection: AsyncConnection, user_id: str) -> None:
    """Forget a user."""
    await connection.execute(delete(table).where(table.c.user_id == user_id))


def distinct(first: Iterable[tuple[Use, datetime]]) -> list[UseRow]:
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
