"""A real PostgreSQL server for the tests, from Debian's package, and databases in it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_postgresql.executors import PostgreSQLExecutor
from pytest_postgresql.janitor import DatabaseJanitor

from storage.settings import StorageSettings
from storage.store import Store
from tests.served import free_port


@contextmanager
def running() -> Iterator[PostgreSQLExecutor]:
    """Start a server of one's own; `stop()` and `start()` of what is yielded keep its data.

    Without PostgreSQL the test is skipped, or fails where `POSTGRESQL_REQUIRED` is set.
    """
    executable = _pg_ctl()
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if os.geteuid() == 0:
        executable = _as_postgres(executable, folder)
    server = PostgreSQLExecutor(
        executable=str(executable),
        host="127.0.0.1",
        port=free_port(),
        datadir=str(folder / "data"),
        unixsocketdir=str(folder),
        logfile=str(folder / "log"),
        startparams="-w",
        dbname="tests",
    )
    try:
        server.start()
        server.wait_for_postgres()
        yield server
    finally:
        if server.running():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: PostgreSQLExecutor, name: str, template: str | None = None) -> Iterator[str]:
    """Make a database, yield its URL, and drop it."""
    janitor = DatabaseJanitor(
        user=server.user, host=server.host, port=server.port, dbname=name, template_dbname=template
    )
    janitor.init()
    yield f"postgresql://{server.user}@{server.host}:{server.port}/{name}"
    if server.running():
        janitor.drop()


def migrate(url: str) -> None:
    """Make the tables in a database."""

    async def run() -> None:
        store = Store(StorageSettings(database_url=SecretStr(url)))
        await store.migrate()
        await store.close()

    asyncio.run(run())


def _pg_ctl() -> Path:
    """Return the newest `pg_ctl`; Debian keeps it off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[4]))
    if found:
        return found[-1]
    if on_path := shutil.which("pg_ctl"):
        return Path(on_path)
    reason = "no PostgreSQL server here (Debian package postgresql)"
    if os.environ.get("POSTGRESQL_REQUIRED"):
        pytest.fail(reason)
    pytest.skip(reason)


def _as_postgres(executable: Path, folder: Path) -> Path:
    """Return a script that runs `pg_ctl` as the package's user: PostgreSQL refuses to run as root."""
    shutil.chown(folder, "postgres", "postgres")
    script = folder / "pg_ctl"
    script.write_text(f'#!/bin/sh\ncd /\nexec runuser -u postgres -- {executable} "$@"\n')
    script.chmod(0o755)
    return script
