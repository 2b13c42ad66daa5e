"""Forgetting a user: what is stored, what is kept in the caches, and what is about to be logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from models.transactions import EraseAnswer
from serving.cache import AnswerCache, CacheAway, owner_key
from serving.errors import STORE_UNAVAILABLE, ApiError
from serving.prediction_log import PredictionLog


class Erasure:
    """Erases users everywhere.

    Parameters
    ----------
    erase: deletes the rows of a user and returns how many there were.
    """

    def __init__(
        self, erase: Callable[[str], Awaitable[int]], cache: AnswerCache | None, predictions: PredictionLog
    ) -> None:
        self._erase = erase
        self._cache = cache
        self._predictions = predictions

    async def erase(self, user_id: str) -> EraseAnswer:
        """Return how many rows went."""
        # Before, so that nothing is erased while the cache cannot be; after, for what was computed in between.
        await self._forget(user_id)
        await self._predictions.written()
        erased = await self._erase(user_id)
        await self._forget(user_id)
        return EraseAnswer(erased=erased)

    async def _forget(self, user_id: str) -> None:
        if self._cache is None:
            return
        try:
            await self._cache.forget(owner_key(user_id))
        except CacheAway as error:
            raise ApiError(503, kind=STORE_UNAVAILABLE) from error
