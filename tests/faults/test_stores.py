"""What is stored, and what is kept: the database restarts, is locked or has no room; Redis goes."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from serving.errors import STORE_UNAVAILABLE
from storage.settings import StorageSettings
from storage.store import Store
from tests.faults.conftest import percent, wait_until
from tests.faults.load import load
from tests.faults.record import Record
from tests.served import Served, ServedFactory, free_port
from tests.server.shape import error_of
from tests.storage import postgresql
from tests.storage.small_disk import fill, small_disk

pytestmark = pytest.mark.faults

LATER = datetime(2090, 1, 1, tzinfo=UTC)
_NUMBERS = itertools.count()


class Writer:
    """Stores ten transactions a request, each request for a user of its own, and notes what it was told."""

    def __init__(self, server: Served) -> None:
        self.stored: list[str] = []
        self.refused: list[str] = []
        self.told: Counter[int] = Counter()
        self.last_refusal = 0.0
        self._server = server
        self._stop = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[Writer]:
        thread = threading.Thread(target=self._write)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _write(self) -> None:
        with httpx.Client(base_url=self._server.url, timeout=60) as http:
            while not self._stop.is_set():
                user = f"user-{next(_NUMBERS)}"
                rows = [
                    {
                        "id": f"{user}-{number}",
                        "user_id": user,
                        "amount": -5,
                        "currency": "EUR",
                        "timestamp": "2026-01-01T10:00:00Z",
                        "description": "x" * 500,
                    }
                    for number in range(10)
                ]
                response = http.post("/v1/transactions", json={"transactions": rows})
                self.told[response.status_code] += 1
                if response.status_code == 200:
                    self.stored.append(user)
                else:
                    error_of(response, kind=STORE_UNAVAILABLE if response.status_code == 503 else None)
                    self.refused.append(user)
                    self.last_refusal = time.monotonic()
                    time.sleep(0.05)

    async def check(self, settings: StorageSettings) -> None:
        """Every answered request is there as a whole; of the others nothing, but where no answer was possible."""
        store = Store(settings)
        for user in self.stored:
            assert await store.history_size(user, LATER) == 10
        sizes = [await store.history_size(user, LATER) for user in self.refused]
        await store.close()
        assert set(sizes) <= {0, 10}

    def row(self, order: int, fault: str, done: str, began: float, ended: float, seen: str) -> None:
        late = max(0.0, self.last_refusal - ended)
        Record(
            order,
            fault,
            done,
            f"{percent(self.told[503], self.told.total())} writes answered 503; nothing stored is lost",
            f"{late:.1f} s after its end",
            seen,
        ).keep()
        assert set(self.told) <= {200, 503, 504}
        assert self.stored


def enough(writer: Writer, more: int = 20) -> None:
    """Wait until so many more writes are answered."""
    already = len(writer.stored)
    wait_until(lambda: len(writer.stored) >= already + more)


def test_postgresql_restarted(serve: ServedFactory):
    with postgresql.running() as database_server, postgresql.database(database_server, "faults") as url:
        postgresql.migrate(url)
        server = serve(ML_DATABASE_URL=url)
        with Writer(server).at_work() as writer, load(server.url, ["intent"], 2) as others:
            enough(writer)
            began = time.monotonic()
            database_server.stop()
            wait_until(lambda: writer.told[503] > 0)
            database_server.start()
            database_server.wait_for_postgres()
            ended = time.monotonic()
            enough(writer)
        server.stop()
        writer.row(
            60,
            "PostgreSQL restarted",
            f"stopped while written to, started {ended - began:.0f} s later",
            began,
            ended,
            "503 `store_unavailable`; endpoints that need no store answer as ever",
        )
        asyncio.run(writer.check(StorageSettings.model_validate({"database_url": url})))
        assert set(others.of()) == {"200"}


def test_sqlite_file_locked(serve: ServedFactory, tmp_path: Path):
    file = tmp_path / "store.sqlite"
    server = serve(ML_DATABASE_PATH=str(file), ML_DATABASE_TIMEOUT_S="0.5")
    with Writer(server).at_work() as writer, load(server.url, ["intent"], 2) as others:
        enough(writer)
        other = sqlite3.connect(file, isolation_level=None, timeout=60)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        wait_until(lambda: writer.told[503] >= 3)
        other.execute("ROLLBACK")
        other.close()
        ended = time.monotonic()
        enough(writer)
    server.stop()
    writer.row(
        61,
        "SQLite file locked",
        f"by another process, for {ended - began:.0f} s",
        began,
        ended,
        "503 `store_unavailable` with `Retry-After: 1`; reads go on",
    )
    asyncio.run(writer.check(StorageSettings(database_path=file)))
    assert set(others.of()) == {"200"}


def test_disk_full(serve: ServedFactory):
    # A short path, for there are sockets below it, whose paths have 107 characters at most; and room for what
    # py3langid unpacks while it loads.
    with TemporaryDirectory(prefix="disk-") as folder, small_disk(Path(folder), megabytes=256) as disk:
        file = disk / "store.sqlite"
        server = serve(ML_DATABASE_PATH=str(file), TMPDIR=str(disk))
        with Writer(server).at_work() as writer, load(server.url, ["intent"], 2) as others:
            enough(writer)
            began = time.monotonic()
            ballast = fill(disk)
            wait_until(lambda: writer.told[503] >= 3)
            ballast.unlink()
            ended = time.monotonic()
            enough(writer)
        server.stop()
        writer.row(
            62,
            "disk full",
            "the one of the store and of temporary files",
            began,
            ended,
            "503 `store_unavailable` with `Retry-After: 60` for writes; predictions go on",
        )
        asyncio.run(writer.check(StorageSettings(database_path=file)))
        assert set(others.of()) == {"200"}


@contextmanager
def redis(port: int) -> Iterator[None]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis server here (Debian package redis-server)")
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL, env=os.environ
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_redis_gone(serve: ServedFactory):
    port = free_port()
    server = serve(ML_REDIS_URL=f"redis://127.0.0.1:{port}/0")
    with load(server.url, ["intent", "ner"], 2) as outcomes:
        with redis(port):
            wait_until(lambda: outcomes.of("intent")["200"] >= 50)
        gone = time.monotonic()
        wait_until(lambda: outcomes.of("intent", gone)["200"] >= 50)
        with redis(port):
            back = time.monotonic()
            wait_until(lambda: outcomes.of("intent", back)["200"] >= 50)
    server.stop()
    told = outcomes.of()
    Record(
        63,
        "Redis gone",
        "killed under load, and started again without what it held",
        f"{told.total() - told['200']} of {told.total():,} calls",
        "at once; asked again 5 s later",
        "nothing, but for one call in 5 s that waits 0.2 s longer",
    ).keep()
    assert outcomes.wrong == []
    assert set(told) == {"200"}
