"""The log of credit decisions: rows are added, found, and erased with their user, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import decisions as table


@dataclass(frozen=True)
class Decision:
    """One answer that was given, with all that it takes to reproduce it.

    Attributes
    ----------
    decided_at: with a zone.
    model: tag in the model store, `credit_risk:abc`.
    input, output: the request and the answer as JSON, kept to the letter.
    """

    request_id: str
    user_id: str | None
    decided_at: datetime
    model: str
    input: str
    output: str


async def append_decisions(connection: AsyncConnection, decisions: Sequence[Decision]) -> None:
    """Add decisions to the log."""
    await connection.execute(insert(table), [asdict(decision) for decision in decisions])


async def find_decision(connection: AsyncConnection, request_id: str) -> Decision | None:
    """Return the decision of a request; the newest, where a caller used the id again."""
    columns = [table.c[name] for name in Decision.__dataclass_fields__]
    query = select(*columns).where(table.c.request_id == request_id).order_by(table.c.number.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else Decision(*row)
