"""The log of predictions: a sample of them, in keyed hashes and scores, for audits.

The key is drawn once for each database and kept in it: who may read the database can tell whether a row is about a
request that he has, and a row alone tells nothing of a request or a user.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import Audit, Output
from storage.tables import keys
from storage.tables import predictions as table

_KEY = "predictions"
_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Retention:
    """How long rows are kept, and how many at most."""

    days: float
    rows: int


@dataclass(frozen=True)
class LoggedPrediction:
    """A row of the log; `user_hash` and `features` are keyed hashes."""

    prediction_id: str
    request_id: str
    user_hash: str | None
    answered_at: datetime
    model: str
    features: dict[str, str]
    output: Output


def keyed_hash(name: str, value: str, key: bytes) -> str:
    """Return what stands in the log for a field's value (JSON), or for a user (`name` is `user_id`)."""
    return hashlib.blake2b(f"{name}\0{value}".encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()


async def hash_key(connection: AsyncConnection) -> bytes:
    """Return the key of this database, drawn at the first call."""
    dialect: Any = _DIALECTS[connection.dialect.name]
    drawn = dialect.insert(keys).values(name=_KEY, value=secrets.token_hex(32))
    await connection.execute(drawn.on_conflict_do_nothing())
    found = await connection.execute(select(keys.c.value).where(keys.c.name == _KEY))
    return bytes.fromhex(found.scalar_one())


async def append(connection: AsyncConnection, audits: Sequence[Audit]) -> None:
    """Add predictions to the log."""
    key = await hash_key(connection)
    await connection.execute(insert(table), [_row(audit, key) for audit in audits])


async def prune(connection: AsyncConnection, retention: Retention) -> int:
    """Delete what is too old or too much; return how many rows went."""
    newest = select(func.max(table.c.number)).scalar_subquery()
    oldest = datetime.now(UTC) - timedelta(days=retention.days)
    result = await connection.execute(
        delete(table).where(or_(table.c.answered_at < oldest, table.c.number <= newest - retention.rows))
    )
    return result.rowcount


async def erase(connection: AsyncConnection, user_id: str) -> None:
    """Delete the rows of a user."""
    user = keyed_hash("user_id", user_id, await hash_key(connection))
    await connection.execute(delete(table).where(table.c.user_hash == user))


async def find(connection: AsyncConnection, prediction_id: str) -> LoggedPrediction | None:
    """Return the row of a prediction."""
    columns = [table.c[name] for name in LoggedPrediction.__dataclass_fields__]
    row = (await connection.execute(select(*columns).where(table.c.prediction_id == prediction_id))).first()
    if row is None:
        return None
    fields = row._asdict()
    return LoggedPrediction(
        **{**fields, "features": json.loads(fields["features"]), "output": json.loads(fields["output"])}
    )


def _row(audit: Audit, key: bytes) -> dict[str, object]:
    return {
        "prediction_id": audit.prediction_id,
        "request_id": audit.request_id,
        "user_hash": None if audit.user_id is None else keyed_hash("user_id", audit.user_id, key),
        "answered_at": audit.answered_at,
        "model": audit.model,
        "features": json.dumps({name: keyed_hash(name, value, key) for name, value in audit.features.items()}),
        "output": json.dumps(dict(audit.output)),
    }
