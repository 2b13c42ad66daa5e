from __future__ import annotations

import pytest

from models.audit import Audit
from serving.cache import AnswerCache, CacheAway, owner_key
from serving.erasure import Erasure
from serving.errors import ApiError
from serving.prediction_log import PredictionLog


async def keep(rows: list[Audit]) -> None:
    """Keep them nowhere."""


async def answer() -> bytes:
    return b"answer"


async def test_the_rows_go_and_the_kept_answers_with_them():
    cache = AnswerCache(10, 60.0)
    await cache.get_or_compute("spending", "key", answer, owner_key("ann"))
    await cache.get_or_compute("spending", "key", answer, owner_key("bob"))
    erased: list[str] = []

    async def erase(user_id: str) -> int:
        erased.append(user_id)
        return 7

    assert (await Erasure(erase, cache, PredictionLog(keep, 0.0)).erase("ann")).erased == 7
    assert erased == ["ann"]
    assert await cache.get_or_compute("spending", "key", answer, owner_key("ann")) == (b"answer", False)
    assert await cache.get_or_compute("spending", "key", answer, owner_key("bob")) == (b"answer", True)


async def test_nothing_is_erased_while_the_cache_cannot_be():
    class Away(AnswerCache):
        async def forget(self, owner: str) -> None:
            raise CacheAway

    async def erase(user_id: str) -> int:
        raise AssertionError("asked")

    with pytest.raises(ApiError) as raised:
        await Erasure(erase, Away(10, 60.0), PredictionLog(keep, 0.0)).erase("ann")
    assert raised.value.status == 503


async def test_without_a_cache_the_rows_go():
    async def erase(user_id: str) -> int:
        return 1

    assert (await Erasure(erase, None, PredictionLog(keep, 0.0)).erase("ann")).erased == 1
