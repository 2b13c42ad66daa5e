"""What goes wrong with databases, for real: after each fault nothing is half-stored, and the same store goes on."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

from storage.failures import StoreUnavailable
from storage.settings import StorageSettings
from storage.store import Store
from tests.served import PROJECT
from tests.storage import postgresql
from tests.storage.rows import row
from tests.storage.small_disk import fill, small_disk
from tests.storage.writer import BATCH

LATER = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgreSQLExecutor]:
    """A PostgreSQL that a test may stop and must start again."""
    with postgresql.running() as server:
        yield server


async def test_locked_file_is_busy_and_then_free(sqlite_settings: StorageSettings):
    store = Store(sqlite_settings.model_copy(update={"database_timeout_s": 0.2}))
    await store.upsert([row()])
    other = sqlite3.connect(sqlite_settings.database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for write in (store.upsert([row()]), store.erase("ann")):
        with pytest.raises(StoreUnavailable) as failure:
            await write
        assert (failure.value.reason, failure.value.retry_after_s) == ("busy", 1)
    assert await store.history_size("ann", LATER) == 1  # readers do not wait
    assert (await store.recent_habits([("ann", row(timestamp="2090-01-01T00:00:00Z"))]))[0].familiar == ("currency",)
    other.execute("ROLLBACK")
    other.close()
    assert (await store.upsert([row()])).stored == 1
    await store.close()


async def test_locked_table_is_busy_and_then_free(postgresql_settings: StorageSettings):
    store = Store(postgresql_settings.model_copy(update={"database_timeout_s": 0.2}))
    await store.upsert([row()])
    assert postgresql_settings.database_url is not None
    with psycopg.connect(postgresql_settings.database_url.get_secret_value()) as other:
        other.execute("LOCK TABLE transactions IN EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailable) as failure:
            await store.upsert([row()])
        assert failure.value.reason == "busy"
        assert await store.history_size("ann", LATER) == 1
        other.rollback()
    assert (await store.upsert([row()])).stored == 1
    await store.close()


async def test_full_disk_stores_nothing_and_goes_on_when_there_is_room(tmp_path: Path):
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        store = Store(StorageSettings(database_path=disk / "store.sqlite"))
        await store.upsert([row() for _ in range(10)])
        ballast = fill(disk)
        for _ in range(3):
            with pytest.raises(StoreUnavailable) as failure:
                await store.upsert([row(description="x" * 1000) for _ in range(2000)])
            assert failure.value.reason == "full"
        assert await store.history_size("ann", LATER) == 10
        ballast.unlink()
        assert (await store.upsert([row(description="x" * 100) for _ in range(2000)])).stored == 2000
        await store.close()


async def test_disk_that_is_full_from_the_start_is_told_too(tmp_path: Path):
    with small_disk(tmp_path / "disk", megabytes=1) as disk:
        ballast = fill(disk)
        store = Store(StorageSettings(database_path=disk / "store.sqlite"))
        with pytest.raises(StoreUnavailable):
            await store.upsert([row()])
        ballast.unlink()
        assert (await store.upsert([row()])).stored == 1
        await store.close()


async def test_full_tablespace_stores_nothing(own_server: PostgreSQLExecutor, tmp_path: Path):
    place = Path(own_server.datadir).parent / "small"
    with small_disk(place, megabytes=4), postgresql.database(own_server, "small") as url:
        shrunk = place / "space"
        shrunk.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(shrunk, "postgres", "postgres")
        store = Store(StorageSettings.model_validate({"database_url": url}))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{shrunk}'")
            connection.execute("ALTER DATABASE small SET default_tablespace = small")
        await store.migrate()
        await store.upsert([row() for _ in range(10)])
        with pytest.raises(StoreUnavailable) as failure:
            await store.upsert([row(description=os.urandom(900).hex()) for _ in range(4000)])
        assert failure.value.reason == "full"
        assert await store.history_size("ann", LATER) == 10
        assert (await store.upsert([row()])).stored == 1
        await store.close()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("ALTER DATABASE small RESET default_tablespace")
            connection.execute("DROP TABLESPACE small")


async def test_file_that_is_no_database_is_away(tmp_path: Path):
    file = tmp_path / "store.sqlite"
    file.write_bytes(os.urandom(8192))
    store = Store(StorageSettings(database_path=file))
    with pytest.raises(StoreUnavailable) as failure:
        await store.upsert([row()])
    assert failure.value.reason == "away"
    file.unlink()
    assert (await store.upsert([row()])).stored == 1
    await store.close()


async def test_file_that_is_damaged_while_it_is_open_is_away(sqlite_settings: StorageSettings):
    store = Store(sqlite_settings)
    await store.upsert([row() for _ in range(500)])
    await store.close()
    sqlite_settings.database_path.write_bytes(os.urandom(sqlite_settings.database_path.stat().st_size))
    with pytest.raises(StoreUnavailable) as failure:
        await store.recent_habits([("ann", row(timestamp="2090-01-01T00:00:00Z"))])
    assert failure.value.reason == "away"
    await store.close()


async def test_folder_that_cannot_be_made_is_away(tmp_path: Path):
    (tmp_path / "file").touch()
    store = Store(StorageSettings(database_path=tmp_path / "file" / "store.sqlite"))
    with pytest.raises(StoreUnavailable) as failure:
        await store.knows("ann")
    assert failure.value.reason == "away"
    await store.close()


async def test_server_that_is_not_there_is_away():
    store = Store(StorageSettings.model_validate({"database_url": "postgresql://nobody@127.0.0.1:1/none"}))
    with pytest.raises(StoreUnavailable) as failure:
        await store.knows("ann")
    assert failure.value.reason == "away"
    await store.close()


async def test_server_that_stops_is_away_and_back_when_it_starts(own_server: PostgreSQLExecutor):
    with postgresql.database(own_server, "stopped") as url:
        store = Store(StorageSettings.model_validate({"database_url": url}))
        await store.migrate()
        await store.upsert([row()])
        own_server.stop()
        for _ in range(3):
            with pytest.raises(StoreUnavailable) as failure:
                await store.upsert([row()])
            assert failure.value.reason == "away"
        own_server.start()
        own_server.wait_for_postgres()
        assert (await store.upsert([row()])).stored == 1
        assert await store.history_size("ann", LATER) == 2
        await store.close()


_CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


async def test_connection_that_was_cut_while_idle_is_not_noticed(postgresql_settings: StorageSettings):
    store = Store(postgresql_settings)
    await store.upsert([row()])
    assert postgresql_settings.database_url is not None
    with psycopg.connect(postgresql_settings.database_url.get_secret_value(), autocommit=True) as other:
        other.execute(_CUT)
    assert (await store.upsert([row()])).stored == 1
    await store.close()


async def test_connection_that_is_cut_in_mid_write_is_away_and_nothing_of_it_is_stored(
    postgresql_settings: StorageSettings,
):
    store = Store(postgresql_settings)
    await store.upsert([row()])
    assert postgresql_settings.database_url is not None
    other = await psycopg.AsyncConnection.connect(postgresql_settings.database_url.get_secret_value(), autocommit=True)
    over = asyncio.Event()

    async def write() -> None:
        with pytest.raises(StoreUnavailable) as failure:
            await store.upsert([row() for _ in range(10_000)])
        over.set()
        assert failure.value.reason == "away"

    async def cut() -> None:
        while not over.is_set():
            await other.execute(_CUT)

    await asyncio.gather(write(), cut())
    await other.close()
    assert await store.history_size("ann", LATER) == 1
    assert (await store.upsert([row()])).stored == 1
    await store.close()


async def test_writer_that_is_given_up_on_in_the_middle_leaves_whole_requests(database: StorageSettings):
    """As when the time for an answer is over; a write that was given up holds the file until it has ended."""
    store = Store(database.model_copy(update={"database_timeout_s": 60.0}))
    await store.open()
    for number in range(20):
        try:
            async with asyncio.timeout(0.01 * number):
                await store.upsert([row(user_id=f"{number}") for _ in range(1000)])
        except TimeoutError:
            continue
    sizes = {await store.history_size(f"{number}", LATER) for number in range(20)}
    assert sizes <= {0, 1000}
    assert (await store.upsert([row()])).stored == 1
    await store.close()


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collection")  # which would take the lock from what was forgotten, sooner or later
async def test_writers_that_are_given_up_at_any_moment_leave_no_lock(database: StorageSettings):
    store = Store(database)
    moment = random.Random(0)
    given_up = 0
    for _ in range(150):
        try:
            async with asyncio.timeout(moment.uniform(0, 0.01)):
                await store.upsert([row() for _ in range(20)])
        except TimeoutError:
            given_up += 1
            assert (await store.upsert([row()])).stored == 1
    assert given_up >= 10
    await store.close()


@pytest.mark.parametrize("number", range(3))
async def test_writer_killed_in_the_middle_leaves_whole_batches(database: StorageSettings, number: int):
    """Each batch that was answered is there; of the one under way all or nothing."""
    store = Store(database)
    await store.open()
    url = database.database_url.get_secret_value() if database.database_url else ""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writer", str(number)],
        cwd=PROJECT,
        env={**os.environ, "ML_DATABASE_URL": url, "ML_DATABASE_PATH": str(database.database_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    answered = [int(writer.stdout.readline()) for _ in range(3)]
    time.sleep(random.Random(number).uniform(0, 0.3))
    writer.send_signal(signal.SIGKILL)
    answered += [int(line) for line in writer.stdout.read().splitlines()]
    writer.wait()
    writer.stdout.close()
    sizes = {name: await store.history_size(name, LATER) async for name in store.users()}
    assert set(sizes.values()) == {BATCH}
    assert len(answered) <= len(sizes) <= len(answered) + 1
    assert (await store.upsert([row()])).stored == 1
    await store.close()
    if not url:
        with sqlite3.connect(database.database_path) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
