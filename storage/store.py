"""The store: opens the database at first use, and does each thing in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from models.anomaly.history import Past
from models.audit import Audit
from models.transactions import Transaction, UserTransaction
from storage import decisions, habits, history, predictions, schema, writing
from storage.decisions import Decision
from storage.engine import WRITES, empty_log, open_engine, open_reader, sqlite_file
from storage.failures import SchemaOutdated, StoreUnavailable, told_as_unavailable
from storage.habits import Asked
from storage.history import MonthlySpending
from storage.predictions import LoggedPrediction, Retention
from storage.prepared import Prepared, prepare
from storage.settings import StorageSettings
from storage.writing import Upserted

_USERS_AT_ONCE = 1000
_PRUNE_EVERY_S = 60.0


class Store:
    """Transactions and decisions, in the database that the settings name.

    Every method raises `StoreUnavailable` when the database cannot do it now; then nothing was stored, and the next
    call tries anew. An SQLite file is made, and brought to this code's schema, at first use; PostgreSQL by `migrate`.
    """

    def __init__(self, config: StorageSettings) -> None:
        self._engine = open_engine(config)
        self._reader = open_reader(self._engine, config.database_timeout_s)
        self._writer = self._engine.execution_options(**WRITES)
        self._opening = asyncio.Lock()
        self._open = False
        self._retention = Retention(config.prediction_log_days, config.prediction_log_rows)
        self._pruned = float("-inf")

    async def upsert(self, transactions: Sequence[UserTransaction]) -> Upserted:
        """Store transactions, all or none; one whose id is there is replaced."""
        return await self.put(prepare(transactions))

    async def put(self, prepared: Prepared) -> Upserted:
        """Store what was prepared of transactions, as `upsert` does."""
        async with self._writing() as connection:
            return await writing.upsert(connection, prepared)

    async def erase(self, user_id: str) -> int:
        """Delete all that is stored about a user; return how many rows went, those of the prediction log aside."""
        async with self._writing() as connection:
            erased = await writing.erase(connection, user_id)
            await predictions.erase(connection, user_id)
        with suppress(StoreUnavailable), told_as_unavailable():
            await empty_log(self._engine)  # the rows are gone without it; of their bytes this takes the last copy
        return erased

    async def monthly_spending(self, user_id: str, category: str | None, before: date) -> list[MonthlySpending]:
        """Return what the user spent by currency and month, in the months that end before the month of `before`."""
        async with self._reading() as connection:
            return await history.monthly_spending(connection, user_id, category, before)

    async def recent_transactions(self, user_id: str, before: datetime, limit: int = 2000) -> list[Transaction]:
        """Return the user's newest transactions dated before a time, oldest first."""
        async with self._reading() as connection:
            return await history.recent_transactions(connection, user_id, before, limit)

    async def recent_habits(self, asked: Sequence[Asked], limit: int = 2000) -> list[Past]:
        """Return what the anomaly model looks at of what each user did before a transaction."""
        await self._ready()
        with told_as_unavailable():
            if self._reader is not None:
                return await asyncio.to_thread(_habits, self._reader, asked, limit)
            async with self._engine.connect() as connection:
                return await connection.run_sync(habits.recent_habits, asked, limit)

    async def history_size(self, user_id: str, before: datetime) -> int:
        """Return how many transactions of the user are dated before a time."""
        async with self._reading() as connection:
            return await history.history_size(connection, user_id, before)

    async def knows(self, user_id: str) -> bool:
        """Say whether any transaction of the user is stored."""
        async with self._reading() as connection:
            return await history.knows(connection, user_id)

    async def main_country(self, user_id: str) -> str | None:
        """Return the country that most of the user's transactions name."""
        async with self._reading() as connection:
            return await history.main_country(connection, user_id)

    async def users(self, after: str = "") -> AsyncIterator[str]:
        """Yield every user that has transactions, in the order of their ids; `after` resumes."""
        while True:
            async with self._reading() as connection:  # one a page: a job of hours must not hold old rows for hours
                page = await history.users_after(connection, after, _USERS_AT_ONCE)
            for user_id in page:
                yield user_id
            if len(page) < _USERS_AT_ONCE:
                return
            after = page[-1]

    async def append_decision(self, decision: Decision) -> None:
        """Add a decision to the log."""
        await self.append_decisions([decision])

    async def append_decisions(self, given: Sequence[Decision]) -> None:
        """Add decisions to the log, all or none: many in one transaction cost little more than one."""
        async with self._writing() as connection:
            await decisions.append_decisions(connection, given)

    async def find_decision(self, request_id: str) -> Decision | None:
        """Return the newest decision of a request."""
        async with self._reading() as connection:
            return await decisions.find_decision(connection, request_id)

    async def append_predictions(self, given: Sequence[Audit]) -> None:
        """Add predictions to the log, in keyed hashes; once a minute those go that the settings keep no longer."""
        async with self._writing() as connection:
            await predictions.append(connection, given)
            if time.monotonic() - self._pruned >= _PRUNE_EVERY_S:
                await predictions.prune(connection, self._retention)
                self._pruned = time.monotonic()

    async def find_prediction(self, prediction_id: str) -> LoggedPrediction | None:
        """Return the logged row of a prediction."""
        async with self._reading() as connection:
            return await predictions.find(connection, prediction_id)

    async def migrate(self) -> None:
        """Bring the database to this code's schema."""
        with told_as_unavailable():
            if (file := sqlite_file(self._engine)) is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            async with self._writer.begin() as connection:
                await connection.run_sync(schema.upgrade)

    async def open(self) -> None:
        """Make ready; every other method does so by itself.

        Raises
        ------
        StoreUnavailable: the database cannot be reached or written.
        SchemaOutdated: PostgreSQL lacks migrations.
        """
        async with self._opening:
            if self._open:
                return
            with told_as_unavailable():
                if sqlite_file(self._engine) is not None:
                    await self.migrate()
                else:
                    async with self._engine.connect() as connection:
                        if not await connection.run_sync(schema.is_current):
                            raise SchemaOutdated
            self._open = True

    async def close(self) -> None:
        """Let go of all connections."""
        await self._engine.dispose()
        if self._reader is not None:
            self._reader.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        await self._ready()
        with told_as_unavailable():
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        await self._ready()
        with told_as_unavailable():
            async with self._writer.begin() as connection:
                yield connection

    async def _ready(self) -> None:
        if not self._open:
            await self.open()


def _habits(reader: Engine, asked: Sequence[Asked], limit: int) -> list[Past]:
    with reader.connect() as connection:
        return habits.recent_habits(connection, asked, limit)
