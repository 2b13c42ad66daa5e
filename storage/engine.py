"""A connection pool on SQLite or PostgreSQL, set up so that a caller never waits long and no commit is lost."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.settings import StorageSettings

_BEGIN = "sqlite_begin"
WRITES = {_BEGIN: "BEGIN IMMEDIATE"}
"""Execution options of a connection whose transaction writes: SQLite takes its lock at the beginning then."""

_POOL_SIZE = 8
_JOURNAL_S = 0.5  # who changes it is done in some milliseconds


def open_engine(config: StorageSettings) -> AsyncEngine:
    """Return the engine that the settings name; it connects at first use.

    Raises
    ------
    ValueError: `ML_DATABASE_URL` names neither SQLite nor PostgreSQL.
    """
    if config.database_url is None:
        return _sqlite(config.database_path.expanduser(), config.database_timeout_s)
    url = make_url(config.database_url.get_secret_value().replace("postgres://", "postgresql://", 1))
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(Path(url.database or "").expanduser(), config.database_timeout_s)
    if backend == "postgresql":
        return _postgresql(url, config.database_timeout_s)
    raise ValueError(f"ML_DATABASE_URL names {backend}; it must be postgresql:// or sqlite:///")


def open_reader(engine: AsyncEngine, patience_s: float) -> Engine | None:
    """Return a synchronous engine on the same SQLite file, None for another database.

    The asynchronous one hands each of the eight steps of a query to a thread and waits for it, which takes as long as a
    small query does: what is read for every call is read in one step of a thread.
    """
    if engine.dialect.name != "sqlite":
        return None
    reader = create_engine(
        URL.create("sqlite+pysqlite", database=engine.url.database),
        connect_args={"timeout": patience_s, "isolation_level": None, "check_same_thread": False},
        pool_size=_POOL_SIZE,
        pool_timeout=patience_s,
        hide_parameters=True,
    )
    event.listen(reader, "connect", _prepare_sqlite)
    event.listen(reader, "begin", _begin_sqlite)
    return reader


def sqlite_file(engine: AsyncEngine) -> Path | None:
    """Return the file of an SQLite engine, None of another."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


async def empty_log(engine: AsyncEngine) -> None:
    """Take out of SQLite's write-ahead log what is in the file already, unless a reader still needs it."""
    if engine.dialect.name == "sqlite":
        async with engine.execution_options(**{_BEGIN: None}).connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _sqlite(file: Path, patience_s: float) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        connect_args={"timeout": patience_s, "isolation_level": None},
        pool_size=_POOL_SIZE,
        pool_timeout=patience_s,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "close", _give_up)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # an answered call survives a power cut
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased leaves no bytes in the file
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    # Of a new file whose journal another changes just now SQLite says "locked" at once, however patient the connection.
    deadline = time.monotonic() + _JOURNAL_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement is not None:
        connection.exec_driver_sql(statement)


def _give_up(connection: Any, _: Any) -> None:
    # One that is closed in the middle, for its caller was cancelled, lives on in SQLite with its lock for as long as
    # Python keeps any of its cursors, in a traceback for instance. So its thread takes everything back first.
    driver = connection.driver_connection
    if driver._connection is not None:
        driver._tx.put_nowait((None, driver._connection.rollback))


def _postgresql(url: URL, patience_s: float) -> AsyncEngine:
    milliseconds = int(patience_s * 1000)
    limits = f"-c timezone=UTC -c lock_timeout={milliseconds} -c statement_timeout={milliseconds * 2}"
    return create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": max(2, round(patience_s)), "options": limits},
        pool_size=_POOL_SIZE,
        pool_timeout=patience_s,
        pool_pre_ping=True,
        hide_parameters=True,
    )
