from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from models.transactions import UserTransaction
from storage.settings import StorageSettings
from storage.store import Store
from storage.writing import Upserted
from tests.storage.rows import row

LATER = datetime(2090, 1, 1, tzinfo=UTC)


async def test_new_rows_are_stored(store: Store):
    assert await store.upsert([row(), row(user_id="bob")]) == Upserted(2, 0)
    assert await store.history_size("ann", LATER) == await store.history_size("bob", LATER) == 1


async def test_nothing_is_stored_of_nothing(store: Store):
    assert await store.upsert([]) == Upserted(0, 0)
    assert not await store.knows("ann")


async def test_same_rows_again_are_duplicates(store: Store):
    rows = [row(merchant="Lidl") for _ in range(50)]
    assert await store.upsert(rows) == Upserted(50, 0)
    assert await store.upsert(rows) == Upserted(0, 50)
    assert await store.upsert([*rows, row()]) == Upserted(1, 50)
    assert await store.history_size("ann", LATER) == 51


@pytest.mark.parametrize(
    "change",
    [
        {"amount": -12.51},
        {"currency": "USD"},
        {"timestamp": "2026-03-14T13:00:00+01:00"},
        {"timestamp": "2026-03-14T12:00:00.000001Z"},
        {"merchant": "Lidl"},
        {"category": "rent"},
        {"channel": "card"},
        {"country": "FR"},
        {"description": "a word"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_changed_row_replaces_the_one_of_its_id(store: Store, change: dict[str, object]):
    await store.upsert([row(id="a")])
    assert await store.upsert([row(id="a", **change)]) == Upserted(1, 0)
    (found,) = await store.recent_transactions("ann", LATER)
    expected = row(id="a", **change)
    assert found.model_dump() == expected.model_dump(exclude={"user_id"})
    assert found.timestamp.utcoffset() == expected.timestamp.utcoffset()


async def test_field_that_is_taken_away_is_gone(store: Store):
    await store.upsert([row(id="a", merchant="Lidl")])
    assert await store.upsert([row(id="a")]) == Upserted(1, 0)
    assert (await store.recent_transactions("ann", LATER))[0].merchant is None


async def test_row_may_change_its_user(store: Store):
    await store.upsert([row(id="a", user_id="ann")])
    assert await store.upsert([row(id="a", user_id="bob")]) == Upserted(1, 0)
    assert not await store.knows("ann")
    assert await store.knows("bob")


async def test_of_two_rows_with_one_id_the_later_stays(store: Store):
    assert await store.upsert([row(id="a", amount=-1), row(id="b"), row(id="a", amount=-2)]) == Upserted(2, 1)
    amounts = {each.id: float(each.amount) for each in await store.recent_transactions("ann", LATER)}
    assert amounts == {"a": -2.0, "b": -12.5}


async def test_one_row_that_the_database_refuses_takes_all_with_it(store: Store):
    bad = row().model_copy(update={"currency": None})
    with pytest.raises(DBAPIError):
        await store.upsert([*(row() for _ in range(500)), bad, *(row() for _ in range(500))])
    assert not await store.knows("ann")
    assert await store.upsert([row()]) == Upserted(1, 0)


async def test_characters_of_every_script_come_back(store: Store):
    text = "Crémerie d’Été 😀 \t\n 日本 ' \" ; -- % \\ \u202e"
    await store.upsert([row(id=text, user_id=text, merchant=text, description=text * 10)])
    (found,) = await store.recent_transactions(text, LATER)
    assert (found.id, found.merchant, found.description) == (text, text, text * 10)


async def test_writers_at_once_lose_and_double_nothing(database: StorageSettings):
    """Each stores all of the same rows and some of its own, in another order."""
    shared = [row(id=f"shared-{number:04}") for number in range(400)]

    async def write(number: int) -> int:
        store = Store(database.model_copy(update={"database_timeout_s": 20.0}))
        own = [row(id=f"own-{number}-{each}") for each in range(100)]
        rows = [*own, *shared] if number % 2 else [*reversed(shared), *own]
        stored = 0
        for start in range(0, len(rows), 100):
            stored += (await store.upsert(rows[start : start + 100])).stored
        await store.close()
        return stored

    stored = await asyncio.gather(*(write(number) for number in range(4)))
    assert sum(stored) == 400 + 4 * 100
    store = Store(database)
    assert await store.history_size("ann", LATER) == 800
    await store.close()


async def test_erase_takes_all_of_one_user_and_nothing_of_others(store: Store):
    await store.upsert([*(row() for _ in range(30)), *(row(user_id="bob") for _ in range(20)), row(user_id="ann ")])
    assert await store.erase("ann") == 30
    assert not await store.knows("ann")
    assert await store.recent_transactions("ann", LATER) == []
    assert await store.history_size("bob", LATER) == 20
    assert await store.knows("ann ")


async def test_erase_of_nobody_is_no_error(store: Store):
    assert await store.erase("nobody") == 0


async def test_erased_user_may_come_back(store: Store):
    rows = [row(), row()]
    await store.upsert(rows)
    await store.erase("ann")
    assert await store.upsert(rows) == Upserted(2, 0)


def content(settings: StorageSettings) -> bytes:
    file = settings.database_path
    return b"".join(part.read_bytes() for part in file.parent.iterdir())


async def test_erased_words_are_no_longer_in_the_files(sqlite_settings: StorageSettings):
    store = Store(sqlite_settings)
    rows: list[UserTransaction] = [row(description="unmistakable words") for _ in range(2000)]
    await store.upsert([*rows, row(user_id="bob", description="what stays")])
    assert b"unmistakable" in content(sqlite_settings)
    await store.erase("ann")
    assert b"unmistakable" not in content(sqlite_settings)
    assert b"what stays" in content(sqlite_settings)
    await store.close()
