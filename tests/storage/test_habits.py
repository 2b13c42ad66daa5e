"""What is stored reaches the anomaly model as what is given does, from both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.anomaly.contract import NEWEST, AnomalyRequest
from models.anomaly.history import History, given_history
from models.transactions import UserTransaction
from storage.store import Store
from tests.storage.rows import row

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def given(rows: list[UserTransaction], before: datetime = LATER) -> str:
    fields = [each.model_dump(exclude={"user_id"}) for each in rows]
    instant = {"amount": -1, "currency": "EUR", "timestamp": before}
    return given_history(AnomalyRequest.model_validate({"user_id": "ann", "transaction": instant, "history": fields}))


def awkward() -> list[UserTransaction]:
    """Whatever a column can hold that a text of JSON could lose."""
    odd: list[dict[str, Any]] = [
        {"amount": "-0.0001", "timestamp": "2026-03-14T12:00:00.123457+05:30"},
        {"amount": "999999999999.9999", "timestamp": "1970-01-01T00:00:00Z"},
        {"amount": "-1000000000000", "timestamp": "2029-12-31T23:59:59.999999-11:00", "currency": "JPY"},
        {"amount": 0, "merchant": 'a "shop", \\ and\n\t more', "category": "épicerie 😀", "channel": "\x1f"},
        {"merchant": "null", "category": "[]", "country": "{}", "channel": " "},
    ]
    return [row(**each) for each in odd]


async def test_what_is_stored_is_what_was_given(store: Store):
    rows = awkward()
    await store.upsert(rows)
    found, told = (History.unpack(text) for text in (await store.recent_habits("ann", LATER), given(rows)))
    assert [*map(list, vars(found).values())] == [*map(list, vars(told).values())]


async def test_nobody_has_no_habits(store: Store):
    await store.upsert([row(user_id="bob")])
    assert len(History.unpack(await store.recent_habits("ann", LATER))) == 0


async def test_only_what_is_dated_before_counts(store: Store):
    await store.upsert([row(timestamp=f"2026-03-{day:02}T12:00:00Z", amount=-day) for day in range(1, 8)])
    found = History.unpack(await store.recent_habits("ann", datetime(2026, 3, 4, 12, tzinfo=UTC)))
    assert [amount / 10**4 for amount in found.amount] == [-3, -2, -1]


@pytest.mark.parametrize("limit", [3, NEWEST])
async def test_of_many_the_newest_count_and_of_one_time_the_last_ids(store: Store, limit: int):
    start = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [
        row(id=f"t{number:05}", timestamp=(start + timedelta(hours=number // 3)).isoformat(), amount=-number)
        for number in range(NEWEST + 20)
    ]
    await store.upsert(rows)
    found = History.unpack(await store.recent_habits("ann", LATER, limit))
    assert [amount / 10**4 for amount in found.amount] == [-number for number in range(NEWEST + 19, -1, -1)][:limit]
