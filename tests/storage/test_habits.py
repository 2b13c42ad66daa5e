"""What is stored reaches the anomaly model as what is given does, from both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.anomaly.asked import History
from models.anomaly.contract import NEWEST, AnomalyRequest
from models.anomaly.history import Kind, Past, given_past
from models.transactions import Transaction, UserTransaction
from storage.store import Store
from tests.storage.rows import row

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def asked(before: datetime = LATER, **said: Any) -> Transaction:
    return Transaction.model_validate({"amount": -1, "currency": "EUR", "timestamp": before, **said})


def given(rows: list[UserTransaction], instant: Transaction) -> Past:
    fields = [each.model_dump(exclude={"user_id"}) for each in rows]
    request = {"user_id": "ann", "transaction": instant.model_dump(), "history": fields}
    return given_past(AnomalyRequest.model_validate(request))


def told(past: Past) -> list[tuple[int, int, Kind]]:
    found = History.unpack(past.history)
    columns = (found.time.tolist(), found.amount.tolist(), found.kind.tolist())
    return [(time, amount, found.kinds[kind]) for time, amount, kind in zip(*columns, strict=True)]


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
    assert told((await store.recent_habits([("ann", asked())]))[0]) == told(given(rows, asked()))


async def test_nobody_has_no_habits(store: Store):
    await store.upsert([row(user_id="bob")])
    [past] = await store.recent_habits([("ann", asked())])
    assert (told(past), past.familiar) == ([], ())


async def test_of_several_users_each_is_told_their_own_in_the_order_asked(store: Store):
    await store.upsert([row(amount=-1, user_id="ann"), row(amount=-2, user_id="bob", currency="USD")])
    asks = [("bob", asked(currency="USD")), ("nobody", asked()), ("ann", asked()), ("bob", asked())]
    found = await store.recent_habits(asks)
    assert [[amount / 10**4 for _, amount, _ in told(past)] for past in found] == [[-2], [], [-1], [-2]]
    assert ["currency" in past.familiar for past in found] == [True, False, True, False]


async def test_only_what_is_dated_before_counts(store: Store):
    await store.upsert([row(timestamp=f"2026-03-{day:02}T12:00:00Z", amount=-day) for day in range(1, 8)])
    found = told((await store.recent_habits([("ann", asked(datetime(2026, 3, 4, 12, tzinfo=UTC)))]))[0])
    assert [amount / 10**4 for _, amount, _ in found] == [-3, -2, -1]


@pytest.mark.parametrize("limit", [3, NEWEST])
async def test_of_many_the_newest_count_and_of_one_time_the_last_ids(store: Store, limit: int):
    start = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [
        row(id=f"t{number:05}", timestamp=(start + timedelta(hours=number // 3)).isoformat(), amount=-number)
        for number in range(NEWEST + 20)
    ]
    await store.upsert(rows)
    found = told((await store.recent_habits([("ann", asked())], limit))[0])
    assert [amount / 10**4 for _, amount, _ in found] == [-number for number in range(NEWEST + 19, -1, -1)][:limit]


async def test_what_only_older_ones_say_is_familiar_as_when_it_is_given(store: Store):
    old = [row(timestamp="2020-01-01T00:00:00Z", merchant="Old Shop ", country="JP", currency="JPY")]
    rows = old + [
        row(timestamp=(datetime(2021, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).isoformat(), merchant="corner")
        for hour in range(NEWEST)
    ]
    await store.upsert(rows)
    for said, common in (
        ({"merchant": "old shop", "country": "jp"}, {"merchant", "country"}),
        ({"merchant": "elsewhere", "country": "JP", "currency": "JPY"}, {"country", "currency"}),
    ):
        stored, inline = (await store.recent_habits([("ann", asked(**said))]))[0], given(rows, asked(**said))
        assert set(inline.familiar) == common
        # What the newest ones say as well is familiar too; the history tells it by itself.
        assert set(stored.familiar) - {"currency"} == common - {"currency"}
        assert told(stored) == told(inline)
        assert len(told(stored)) == NEWEST
