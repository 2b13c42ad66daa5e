"""Answers that the gateways of one machine share: an SQLite file, in memory where the system has such a folder."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import structlog

from serving.cache import CacheAway, Mark
from serving.coalesce import Coalescer
from serving.metrics import CACHE

log = structlog.get_logger(__name__)

_VARIABLE = "_ML_SERVICES_ANSWERS"
_MEMORY = Path("/dev/shm")  # noqa: S108 - of the folder made in it, only this user has a key
_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE answers (key TEXT PRIMARY KEY, owner TEXT, value BLOB NOT NULL, expires REAL NOT NULL);
CREATE INDEX answers_owner ON answers (owner) WHERE owner IS NOT NULL;
CREATE TABLE erasures (count INTEGER NOT NULL);
INSERT INTO erasures VALUES (0);
"""
_READ = "SELECT (SELECT value FROM answers WHERE key = ? AND expires > ?), count FROM erasures"
_KEEP = """
INSERT OR REPLACE INTO answers (key, owner, value, expires)
SELECT :key, :owner, :value, :expires FROM erasures WHERE :owner IS NULL OR count = :mark
"""
_OLDEST = "DELETE FROM answers WHERE rowid <= (SELECT max(rowid) FROM answers) - ?"


@dataclass(frozen=True)
class _Kept:
    key: str
    owner: str | None
    value: bytes
    expires: float
    mark: Mark


def shared_file() -> Path:
    """Return the file of this process and all that it starts; made by the first that asks, gone when that one ends."""
    known = os.environ.get(_VARIABLE)
    if known:
        return Path(known)
    folder = tempfile.mkdtemp(prefix="ml-services-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "answers.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(_SCHEMA)
    connection.close()
    os.environ[_VARIABLE] = str(file)
    return file


class FileAnswers:
    """The newest `size` answers, each for `ttl_s` seconds.

    Read where it is asked, for nobody who writes is waited for; written in a thread, all that has gathered at once.
    """

    def __init__(self, file: Path, size: int, ttl_s: float) -> None:
        self._size = size
        self._ttl_s = ttl_s
        self._reader = _connect(file)
        self._writer = _connect(file)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")
        self._writes: Coalescer[_Kept, None] = Coalescer(self._write, max_calls=1, max_items=256)

    async def read(self, key: str) -> tuple[bytes | None, Mark]:
        """Return what is kept under `key`, and how often somebody was forgotten."""
        try:
            value, mark = self._reader.execute(_READ, (key, time.time())).fetchone()
        except sqlite3.Error as error:
            self._failed(error)
            return None, None
        return value, mark

    async def keep(self, key: str, value: bytes, owner: str | None, mark: Mark) -> None:
        """Keep `value`; that of an owner only if nobody was forgotten since `mark`."""
        try:
            await self._writes.ask(_Kept(key, owner, value, time.time() + self._ttl_s, mark))
        except sqlite3.Error as error:
            self._failed(error)

    async def forget(self, owner: str) -> None:
        """Remove what is kept of `owner`, or raise `CacheAway`."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._erase, owner)
        except sqlite3.Error as error:
            self._failed(error)
            raise CacheAway from error

    async def close(self) -> None:
        """Let go of the file."""
        await asyncio.to_thread(self._thread.shutdown)
        self._reader.close()
        self._writer.close()

    async def _write(self, kept: list[_Kept]) -> list[None]:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._insert, kept)
        return [None] * len(kept)

    def _insert(self, kept: Sequence[_Kept]) -> None:
        with self._writer:
            self._writer.executemany(_KEEP, [vars(each) for each in kept])
            self._writer.execute(_OLDEST, (self._size,))

    def _erase(self, owner: str) -> None:
        with self._writer:
            self._writer.execute("UPDATE erasures SET count = count + 1")
            self._writer.execute("DELETE FROM answers WHERE owner = ?", (owner,))

    def _failed(self, error: sqlite3.Error) -> None:
        CACHE.labels("all", "file_down").inc()
        log.warning("the shared answers cannot be used", error=type(error).__name__)


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=1.0, check_same_thread=False, isolation_level="IMMEDIATE")
    connection.execute("PRAGMA synchronous = OFF")  # a machine that goes down needs none of it
    connection.execute("PRAGMA secure_delete = ON")
    return connection
