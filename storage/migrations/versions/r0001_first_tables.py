"""The tables of transactions and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.column_types import Amount, Instant, key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "transactions",
        sa.Column("user_id", key(256)),
        sa.Column("occurred_at", Instant()),
        sa.Column("id", key(256), unique=True),
        sa.Column("utc_offset_s", sa.Integer(), nullable=False),
        sa.Column("month", key(7), nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("merchant", sa.String(256)),
        sa.Column("category", sa.String(256)),
        sa.Column("channel", sa.String(256)),
        sa.Column("country", sa.String(256)),
        sa.Column("description", sa.String(2000)),
        sa.PrimaryKeyConstraint("user_id", "occurred_at", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("request_id", key(128), nullable=False),
        sa.Column("user_id", key(256)),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("model", sa.String(256), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
    )
    op.create_index("decisions_of_request", "decisions", ["request_id"])
    op.create_index("decisions_of_user", "decisions", ["user_id"])


def downgrade() -> None:
    """Drop both, with all that is in them."""
    op.drop_table("decisions")
    op.drop_table("transactions")
