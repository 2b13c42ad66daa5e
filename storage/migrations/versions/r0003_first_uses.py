"""Since when each user has had each merchant, category, channel, country and currency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.column_types import Instant, key
from storage.first_uses import distinct

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000
_FIELDS = ("currency", "merchant", "category", "channel", "country")


def upgrade() -> None:
    """Make the table, and fill it from the transactions that are stored."""
    made = op.create_table(
        "first_uses",
        sa.Column("user_id", key(256)),
        sa.Column("field", key(16)),
        sa.Column("value", key(32)),
        sa.Column("first_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "field", "value"),
        sqlite_with_rowid=False,
    )
    stored = sa.table(
        "transactions", sa.column("user_id"), sa.column("occurred_at", Instant()), *map(sa.column, _FIELDS)
    )
    connection = op.get_bind()
    for field in _FIELDS:
        value = stored.c[field]
        first = sa.select(stored.c.user_id, value, sa.func.min(stored.c.occurred_at, type_=Instant()))
        found = connection.execute(first.where(value.is_not(None)).group_by(stored.c.user_id, value))
        uses = distinct(((user, field, name), at) for user, name, at in found)
        for begin in range(0, len(uses), _AT_ONCE):
            rows = [dict(zip(made.c.keys(), use, strict=True)) for use in uses[begin : begin + _AT_ONCE]]
            connection.execute(sa.insert(made), rows)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("first_uses")
