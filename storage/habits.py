"""Reading what an account has been used for: the few columns that the anomaly model looks at, and no objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.anomaly.history import packed
from storage.column_types import json_list, microseconds, units
from storage.tables import transactions as table

_NEWEST = (
    select(
        microseconds(table.c.occurred_at).label("time"),
        table.c.utc_offset_s,
        units(table.c.amount).label("units"),
        table.c.currency,
        table.c.merchant,
        table.c.category,
        table.c.channel,
        table.c.country,
    )
    .where(table.c.user_id == bindparam("user_id"), table.c.occurred_at < bindparam("before"))
    .order_by(table.c.occurred_at.desc(), table.c.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_COLUMNS = select(*map(json_list, _NEWEST.c))  # made once: making it costs as much as running it


async def recent_habits(connection: AsyncConnection, user_id: str, before: datetime, limit: int) -> str:
    """Return the newest `limit` transactions dated before a time, as `models.anomaly.history` packs them."""
    parameters = {"user_id": user_id, "before": before, "most": limit}
    return packed((await connection.execute(_COLUMNS, parameters)).one())
