"""Stores in SQLite and in PostgreSQL: what asks for `store` or `database` runs on both."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_postgresql.executors import PostgreSQLExecutor

from storage.settings import StorageSettings
from storage.store import Store
from tests.storage import postgresql

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLExecutor]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql_server: PostgreSQLExecutor) -> Iterator[str]:
    """The name of a database with all tables, from which the tests' own are copied."""
    with postgresql.database(postgresql_server, "migrated") as url:
        postgresql.migrate(url)
        yield "migrated"


@pytest.fixture
def postgresql_settings(postgresql_server: PostgreSQLExecutor, migrated: str) -> Iterator[StorageSettings]:
    """A fresh database with all tables."""
    with postgresql.database(postgresql_server, f"test_{next(_NUMBERS)}", migrated) as url:
        yield StorageSettings(database_url=SecretStr(url), database_timeout_s=1.0)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> StorageSettings:
    return StorageSettings(database_path=tmp_path / "store.sqlite", database_timeout_s=1.0)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> StorageSettings:
    """Settings of an empty store, in one database and then in the other."""
    settings: StorageSettings = request.getfixturevalue(f"{request.param}_settings")
    return settings


@pytest.fixture
async def store(database: StorageSettings) -> AsyncIterator[Store]:
    store = Store(database)
    yield store
    await store.close()
