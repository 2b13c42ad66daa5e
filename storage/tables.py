"""The tables as they are now; `migrations/` holds how they came to be."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, PrimaryKeyConstraint, String, Table, Text

from storage.column_types import Amount, Instant, key

metadata = MetaData()

transactions = Table(
    "transactions",
    metadata,
    Column("user_id", key(256)),
    Column("occurred_at", Instant),
    Column("id", key(256), unique=True),
    Column("utc_offset_s", Integer, nullable=False),  # of the zone that the time was written in
    Column("month", key(7), nullable=False),  # 2026-01, in that zone
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("merchant", String(256)),
    Column("category", String(256)),
    Column("channel", String(256)),
    Column("country", String(256)),
    Column("description", String(2000)),
    # The rows of one user lie side by side in the order of time: SQLite keeps a table in the order of its primary key.
    PrimaryKeyConstraint("user_id", "occurred_at", "id"),
    sqlite_with_rowid=False,
)

first_uses = Table(
    "first_uses",
    metadata,
    Column("user_id", key(256)),
    Column("field", key(16)),
    Column("value", key(32)),  # a digest, so that it fits into an index however long it is
    Column("first_at", Instant, nullable=False),
    PrimaryKeyConstraint("user_id", "field", "value"),
    sqlite_with_rowid=False,
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("request_id", key(128), nullable=False),
    Column("user_id", key(256)),
    Column("decided_at", Instant, nullable=False),
    Column("model", String(256), nullable=False),
    Column("input", Text, nullable=False),
    Column("output", Text, nullable=False),
    Index("decisions_of_request", "request_id"),
    Index("decisions_of_user", "user_id"),
)

predictions = Table(
    "predictions",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("prediction_id", key(64), nullable=False),
    Column("request_id", key(128), nullable=False),
    Column("user_hash", key(32)),
    Column("answered_at", Instant, nullable=False),
    Column("model", String(256), nullable=False),
    Column("features", Text, nullable=False),
    Column("output", Text, nullable=False),
    Index("predictions_by_id", "prediction_id"),
    Index("predictions_of_user", "user_hash"),
    Index("predictions_by_age", "answered_at"),
)

keys = Table("keys", metadata, Column("name", key(64), primary_key=True), Column("value", key(64), nullable=False))
