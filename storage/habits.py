"""Reading what an account has been used for: the few columns that the anomaly model looks at, and no objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.anomaly.history import History
from storage.column_types import real, seconds
from storage.tables import transactions as table


async def recent_habits(connection: AsyncConnection, user_id: str, before: datetime, limit: int) -> History:
    """Return the newest `limit` transactions dated before a time, oldest first."""
    query = (
        select(
            seconds(table.c.occurred_at),
            table.c.utc_offset_s,
            real(table.c.amount),
            table.c.currency,
            table.c.merchant,
            table.c.category,
            table.c.channel,
            table.c.country,
        )
        .where(table.c.user_id == user_id, table.c.occurred_at < before)
        .order_by(table.c.occurred_at.desc(), table.c.id.desc())
        .limit(limit)
    )
    newest = (await connection.execute(query)).all()
    return History.of([tuple(row) for row in reversed(newest)])
