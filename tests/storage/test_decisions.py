from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import exc

from storage.decisions import Decision
from storage.store import Store
from tests.storage.rows import row

FIRST = Decision(
    request_id="r-1",
    user_id="ann",
    decided_at=datetime(2026, 3, 14, 12, 0, 0, 123456, tzinfo=UTC),
    model="credit_risk:abc",
    input='{"income": 1e3, "purpose": "été"}',
    output='{"score": 640}',
)


async def test_decision_is_found_as_it_was_given(store: Store):
    await store.append_decision(FIRST)
    assert await store.find_decision("r-1") == FIRST


async def test_decision_nobody_made_is_not_found(store: Store):
    await store.append_decision(FIRST)
    assert await store.find_decision("r-2") is None


async def test_newest_decision_of_a_request_is_found(store: Store):
    await store.append_decision(FIRST)
    second = replace(FIRST, output='{"score": 700}', decided_at=datetime(2026, 3, 1, tzinfo=UTC))
    await store.append_decision(second)
    assert await store.find_decision("r-1") == second


async def test_decision_without_a_user_is_kept(store: Store):
    anonymous = replace(FIRST, user_id=None)
    await store.append_decision(anonymous)
    await store.erase("ann")
    assert await store.find_decision("r-1") == anonymous


async def test_decisions_are_erased_with_their_user_and_counted(store: Store):
    await store.upsert([row(), row()])
    await store.append_decision(FIRST)
    await store.append_decision(replace(FIRST, request_id="r-2"))
    await store.append_decision(replace(FIRST, request_id="r-3", user_id="bob"))
    assert await store.erase("ann") == 4
    assert await store.find_decision("r-1") is None
    assert await store.find_decision("r-3") is not None


async def test_many_are_appended_together_or_not_at_all(store: Store):
    await store.append_decisions([replace(FIRST, request_id=f"r-{number}") for number in range(300)])
    assert await store.find_decision("r-299") == replace(FIRST, request_id="r-299")
    with pytest.raises(exc.IntegrityError):
        await store.append_decisions([replace(FIRST, request_id="good"), replace(FIRST, request_id=None)])
    assert await store.find_decision("good") is None
