"""The command `migrate`: brings the database to this code's schema."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from storage.failures import StoreUnavailable
from storage.schema import newest
from storage.settings import StorageSettings
from storage.store import Store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `migrate`; a database that is up to date stays as it is."""
    parser = argparse.ArgumentParser(prog="migrate", description="Bring the database of ML_DATABASE_URL up to date.")
    parser.parse_args(arguments)
    try:
        asyncio.run(_migrate())
    except StoreUnavailable as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"the database is at revision {newest()}")
    return 0


async def _migrate() -> None:
    store = Store(StorageSettings())
    try:
        await store.migrate()
    finally:
        await store.close()


if __name__ == "__main__":
    sys.exit(main())
