"""The log of predictions, and the keys of hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.column_types import Instant, key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "predictions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("prediction_id", key(64), nullable=False),
        sa.Column("request_id", key(128), nullable=False),
        sa.Column("user_hash", key(32)),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.Column("model", sa.String(256), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
    )
    op.create_index("predictions_by_id", "predictions", ["prediction_id"])
    op.create_index("predictions_of_user", "predictions", ["user_hash"])
    op.create_index("predictions_by_age", "predictions", ["answered_at"])
    op.create_table(
        "keys",
        sa.Column("name", key(64), primary_key=True),
        sa.Column("value", key(64), nullable=False),
    )


def downgrade() -> None:
    """Drop both, with all that is in them."""
    op.drop_table("keys")
    op.drop_table("predictions")
