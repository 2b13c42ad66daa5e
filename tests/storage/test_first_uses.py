"""What a user had once stays known, and only as long as a stored transaction says so."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, text

from models.transactions import Transaction
from storage import schema
from storage.engine import WRITES, open_engine
from storage.settings import StorageSettings
from storage.store import Store
from tests.storage.rows import row


async def familiar(store: Store, year: int = 2030, user: str = "ann", **said: str) -> set[str]:
    asked = Transaction.model_validate(
        {"amount": -1, "currency": "XXX", "timestamp": datetime(year, 1, 1, tzinfo=UTC), **said}
    )
    return set((await store.recent_habits([(user, asked)], limit=0))[0].familiar)


async def test_a_value_is_familiar_from_its_first_use_on(store: Store):
    await store.upsert([row(merchant="Bistro", timestamp=f"{year}-06-01T00:00:00Z") for year in (2024, 2022, 2023)])
    assert await familiar(store, 2022, merchant="bistro") == set()
    assert await familiar(store, 2023, merchant=" BISTRO") == {"merchant"}
    assert await familiar(store, user="bob", merchant="bistro") == set()
    await store.upsert([row(merchant="bistro", timestamp="2020-06-01T00:00:00Z")])
    assert await familiar(store, 2021, merchant="bistro") == {"merchant"}


async def test_every_field_is_looked_at_by_itself(store: Store):
    said = {"merchant": "a", "category": "b", "channel": "c", "country": "d", "currency": "EUR"}
    await store.upsert([row(**said)])
    assert await familiar(store, **said) == set(said)
    assert await familiar(store, merchant="b", category="c", channel="d", country="a") == set()
    assert await familiar(store) == set()


async def test_what_is_replaced_is_forgotten_unless_another_says_it_too(store: Store):
    await store.upsert([row(id="1", merchant="a"), row(id="2", merchant="b"), row(id="3", merchant="b")])
    await store.upsert([row(id="1", merchant="c"), row(id="2", merchant="c")])
    assert [await familiar(store, merchant=each) for each in "abc"] == [set(), {"merchant"}, {"merchant"}]
    await store.upsert([row(id="3", merchant="b", timestamp="2029-01-01T00:00:00Z")])
    assert await familiar(store, 2028, merchant="b") == set()
    await store.upsert([row(id="1", user_id="bob", merchant="c"), row(id="2", user_id="bob", merchant="c")])
    assert await familiar(store, merchant="c") == set()
    assert await familiar(store, user="bob", merchant="c") == {"merchant"}


async def test_an_erased_user_is_forgotten(store: Store):
    await store.upsert([row(merchant="a"), row(user_id="bob", merchant="a")])
    assert await store.erase("ann") == 1
    assert await familiar(store, merchant="a") == set()
    assert await familiar(store, user="bob", merchant="a") == {"merchant"}


async def test_what_was_stored_before_there_was_such_a_table_counts(database: StorageSettings):
    store, engine = Store(database), open_engine(database)
    shops = [f"shop {number}" for number in range(30)] + ["é" * 256, "ﬃ" * 256]
    await store.upsert([row(merchant=shop, country="FR") for shop in shops] + [row(merchant=None)])

    def anew(connection: Connection) -> None:
        configuration = schema.configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0002")
        command.upgrade(configuration, "head")

    async with engine.connect() as connection:
        before = (await connection.execute(text("SELECT * FROM first_uses ORDER BY field, value"))).all()
    async with engine.execution_options(**WRITES).begin() as connection:
        await connection.run_sync(anew)
    async with engine.connect() as connection:
        after = (await connection.execute(text("SELECT * FROM first_uses ORDER BY field, value"))).all()
    assert len(before) == 34
    assert after == before
    assert await familiar(store, merchant="SHOP 7", country="fr") == {"merchant", "country"}
    await engine.dispose()
    await store.close()
