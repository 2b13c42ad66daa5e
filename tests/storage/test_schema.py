from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pytest_postgresql.executors import PostgreSQLExecutor
from sqlalchemy import Connection, inspect

from storage import schema
from storage.engine import open_engine
from storage.failures import SchemaOutdated
from storage.settings import StorageSettings
from storage.store import Store
from storage.tables import metadata
from tests.served import PROJECT
from tests.storage import postgresql
from tests.storage.rows import row


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def test_migrations_lead_to_the_tables_of_the_code(database: StorageSettings):
    store, engine = Store(database), open_engine(database)
    await store.open()
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(schema.is_current)
    await engine.dispose()
    await store.close()


async def test_migrating_twice_changes_nothing(store: Store):
    await store.upsert([row()])
    await store.migrate()
    assert await store.knows("ann")


async def test_every_step_can_be_undone(database: StorageSettings):
    store, engine = Store(database), open_engine(database)
    await store.open()

    def undo(connection: Connection) -> list[str]:
        configuration = schema.configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "base")
        return inspect(connection).get_table_names()

    async with engine.begin() as connection:
        assert await connection.run_sync(undo) == ["alembic_version"]
    await engine.dispose()
    await store.close()


async def test_sqlite_file_is_made_with_its_folders_at_first_use(tmp_path: Path):
    file = tmp_path / "new" / "folder" / "store.sqlite"
    store = Store(StorageSettings(database_path=file))
    assert not file.parent.exists()
    await store.upsert([row()])
    assert file.exists()
    await store.close()


async def test_sqlite_writes_ahead(sqlite_settings: StorageSettings):
    store = Store(sqlite_settings)
    await store.upsert([row()])
    engine = open_engine(sqlite_settings)
    async with engine.connect() as connection:
        pragma = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        ]
    assert pragma == ["wal", 2]
    await engine.dispose()
    await store.close()


@pytest.mark.parametrize("attempt", range(8))  # what they race for is over in a millisecond
async def test_many_that_make_the_file_at_once_make_it_once(sqlite_settings: StorageSettings, attempt: int):
    patient = sqlite_settings.model_copy(update={"database_timeout_s": 20.0})
    stores = [Store(patient) for _ in range(6)]
    await asyncio.gather(*(store.upsert([row()]) for store in stores))
    assert len([name async for name in stores[0].users()]) == 1
    for store in stores:
        await store.close()


async def test_postgresql_without_tables_is_outdated_until_it_is_migrated(postgresql_server: PostgreSQLExecutor):
    with postgresql.database(postgresql_server, "empty") as url:
        store = Store(StorageSettings.model_validate({"database_url": url}))
        with pytest.raises(SchemaOutdated):
            await store.upsert([row()])
        await store.migrate()
        assert (await store.upsert([row()])).stored == 1
        await store.close()


async def test_many_that_migrate_postgresql_at_once_migrate_it_once(postgresql_server: PostgreSQLExecutor):
    with postgresql.database(postgresql_server, "raced") as url:
        stores = [Store(StorageSettings.model_validate({"database_url": url})) for _ in range(4)]
        await asyncio.gather(*(store.migrate() for store in stores))
        assert (await stores[0].upsert([row()])).stored == 1
        for store in stores:
            await store.close()


def test_command_migrates(postgresql_server: PostgreSQLExecutor):
    with postgresql.database(postgresql_server, "commanded") as url:
        runs = [migrate(url) for _ in range(2)]
        assert [run.returncode for run in runs] == [0, 0]
        assert f"revision {schema.newest()}" in runs[0].stdout


def test_command_says_when_it_cannot():
    run = migrate("postgresql://nobody:secret@127.0.0.1:1/none")
    assert run.returncode == 2
    assert run.stderr.strip() == "the store is away"


def migrate(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "storage.migrate"],
        cwd=PROJECT,
        env={"ML_DATABASE_URL": url, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
