from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from serving.errors import STORE_UNAVAILABLE, ApiError
from serving.stored import stored
from storage.failures import StoreUnavailable


def counted(operation: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("ml_store_calls_total", {"operation": operation, "outcome": outcome}) or 0.0


async def test_what_the_store_answers_is_passed_on_and_counted():
    async def double(number: int, *, times: int) -> int:
        return number * times

    assert await stored("test_ok", double)(4, times=3) == 12
    assert counted("test_ok", "ok") == 1


async def test_a_store_that_cannot_is_a_503_that_says_when_to_try_again():
    async def full() -> None:
        raise StoreUnavailable("full")

    with pytest.raises(ApiError) as raised:
        await stored("test_full", full)()
    assert (raised.value.status, raised.value.kind) == (503, STORE_UNAVAILABLE)
    assert raised.value.headers["retry-after"] == "60"
    assert (counted("test_full", "full"), counted("test_full", "ok")) == (1, 0)


async def test_a_mistake_of_ours_stays_what_it_is():
    async def wrong() -> None:
        raise ValueError("no such column")

    with pytest.raises(ValueError, match="column"):
        await stored("test_wrong", wrong)()
