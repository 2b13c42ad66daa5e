"""Reading what an account has been used for: the few columns that the anomaly model looks at, and no objects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from models.anomaly.history import Past, packed
from models.anomaly.values import FIELDS
from models.transactions import Transaction
from storage.column_types import json_list, json_row, lines, microseconds, units
from storage.first_uses import digest
from storage.tables import first_uses
from storage.tables import transactions as table

Asked = tuple[str, Transaction]
"""A user, and the transaction before which something is asked of them."""

_USER: BindParameter[str] = bindparam("user_id")
_BEFORE: BindParameter[datetime] = bindparam("before")
_NEWEST = (
    select(
        microseconds(table.c.occurred_at).label("time"),
        units(table.c.amount).label("units"),
        json_row(table.c.utc_offset_s, *(table.c[field] for field in FIELDS)).label("kind"),
    )
    .where(table.c.user_id == _USER, table.c.occurred_at < _BEFORE)
    .order_by(table.c.occurred_at.desc(), table.c.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_FAMILIAR = [
    exists()
    .where(
        first_uses.c.user_id == _USER,
        first_uses.c.field == field,
        first_uses.c.value == bindparam(field),
        first_uses.c.first_at < _BEFORE,
    )
    .label(field)
    for field in FIELDS
]
_PAST = select(  # made once: making it costs as much as running it
    json_list(_NEWEST.c.time), json_list(_NEWEST.c.units), lines(_NEWEST.c.kind), *_FAMILIAR
)


def recent_habits(connection: Connection, asked: Iterable[Asked], limit: int) -> list[Past]:
    """Return what is told of users before a transaction: the newest ones, and what it has in common with any."""
    return [_past(connection, *each, limit) for each in asked]


def _past(connection: Connection, user_id: str, transaction: Transaction, limit: int) -> Past:
    parameters = {"user_id": user_id, "before": transaction.timestamp, "most": limit}
    parameters |= {field: digest(getattr(transaction, field)) for field in FIELDS}
    times, amounts, kinds, *familiar = connection.execute(_PAST, parameters).one()
    known = tuple(field for field, had in zip(FIELDS, familiar, strict=True) if had)
    return Past(packed(times, amounts, kinds), known)
