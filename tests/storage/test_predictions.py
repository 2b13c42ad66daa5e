from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.audit import Audit
from storage.settings import StorageSettings
from storage.store import Store

FIRST = Audit(
    prediction_id="p-1",
    request_id="r-1",
    user_id="ann-4711",
    answered_at=datetime.now(UTC),
    model="intent:abc",
    features={"query": '"pay zebrafish 123.45"', "top_k": "3"},
    output={"intent": "pay_bill", "confidence": 0.91},
)


async def test_a_prediction_is_found_with_its_answer(store: Store):
    await store.append_predictions([FIRST])
    found = await store.find_prediction("p-1")
    assert found is not None
    assert (found.request_id, found.model, found.answered_at) == ("r-1", "intent:abc", FIRST.answered_at)
    assert found.output == FIRST.output


async def test_what_was_asked_is_there_as_hashes_alone(sqlite_settings: StorageSettings):
    store = Store(sqlite_settings)
    await store.append_predictions([FIRST])
    await store.close()
    written = b"".join(file.read_bytes() for file in Path(sqlite_settings.database_path).parent.glob("store.sqlite*"))
    assert b"pay_bill" in written
    for secret in (b"zebrafish", b"123.45", b"ann-4711"):
        assert secret not in written


async def test_the_same_value_has_the_same_hash_in_its_field_alone(store: Store):
    await store.append_predictions(
        [FIRST, replace(FIRST, prediction_id="p-2", features={"other": FIRST.features["query"]})]
    )
    await store.append_predictions([replace(FIRST, prediction_id="p-3")])
    first, second, third = [await store.find_prediction(f"p-{number}") for number in (1, 2, 3)]
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.features == third.features
    assert first.user_hash == third.user_hash
    assert first.features["query"] != second.features["other"]


async def test_another_database_has_another_key(tmp_path: Path):
    hashes = set()
    for name in ("one", "two"):
        store = Store(StorageSettings(database_path=tmp_path / name))
        await store.append_predictions([FIRST])
        found = await store.find_prediction("p-1")
        hashes.add(found and found.user_hash)
        await store.close()
    assert len(hashes) == 2


async def test_it_goes_with_its_user_and_only_then(store: Store):
    anonymous = replace(FIRST, prediction_id="p-2", user_id=None)
    await store.append_predictions([FIRST, anonymous, replace(FIRST, prediction_id="p-3", user_id="bob")])
    assert await store.erase("ann-4711") == 0  # transactions and decisions are counted, the sample is not
    assert await store.find_prediction("p-1") is None
    assert await store.find_prediction("p-2") is not None
    assert await store.find_prediction("p-3") is not None


async def test_old_rows_go_by_themselves(database: StorageSettings):
    store = Store(database.model_copy(update={"prediction_log_days": 30.0}))
    old = replace(FIRST, prediction_id="p-old", answered_at=datetime.now(UTC) - timedelta(days=31))
    await store.append_predictions([old, FIRST])
    assert await store.find_prediction("p-old") is None
    assert await store.find_prediction("p-1") is not None
    await store.close()


async def test_no_more_rows_than_the_settings_say_stay(database: StorageSettings):
    store = Store(database.model_copy(update={"prediction_log_rows": 10}))
    await store.append_predictions([replace(FIRST, prediction_id=f"p-{number}") for number in range(25)])
    kept = [number for number in range(25) if await store.find_prediction(f"p-{number}") is not None]
    assert kept == list(range(15, 25))
    await store.close()
