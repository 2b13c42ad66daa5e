"""Stores batch after batch and says so after each: run by test_faults.py as a process that is killed."""

from __future__ import annotations

import asyncio
import itertools
import sys

from storage.settings import StorageSettings
from storage.store import Store
from tests.storage.rows import row

BATCH = 500


async def main() -> None:
    store = Store(StorageSettings())
    for number in itertools.count():
        await store.upsert(
            [row(id=f"{sys.argv[1]}-{number:05}-{each:03}", user_id=f"{number:05}") for each in range(BATCH)]
        )
        print(number, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
