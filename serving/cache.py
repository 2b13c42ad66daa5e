"""Answers kept for a while: in this process, and in one place that all gateways share."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from cachetools import TTLCache

from serving.metrics import CACHE

Mark = bytes | int | None
"""How often somebody was forgotten, as the place that tells it writes it."""


class CacheAway(RuntimeError):
    """The shared answers cannot be reached: what is kept there may still be there."""


class SharedAnswers(Protocol):
    """A place for answers that several processes share. It fails no call but `forget`."""

    async def read(self, key: str) -> tuple[bytes | None, Mark]: ...

    async def keep(self, key: str, value: bytes, owner: str | None, mark: Mark) -> None: ...

    async def forget(self, owner: str) -> None: ...

    async def close(self) -> None: ...


class AnswerCache:
    """Bytes by key, at most `size` of them in this process, each for `ttl_s` seconds.

    Concurrent misses of one key share one computation.

    An answer about a user has that user as its owner, and `forget` removes all that an owner has. So that no copy is
    out of its reach, such an answer is kept in one place: in `shared` where there is such, else in this process.
    """

    def __init__(self, size: int, ttl_s: float, shared: SharedAnswers | None = None) -> None:
        self._local: TTLCache[str, bytes] = TTLCache(maxsize=size, ttl=ttl_s)
        self._shared = shared
        self._in_flight: dict[str, asyncio.Task[bytes]] = {}
        self._erasures = 0

    async def get_or_compute(
        self, model: str, key: str, compute: Callable[[], Awaitable[bytes]], owner: str | None = None
    ) -> tuple[bytes, bool]:
        """Return the value of `key` and whether it was there; what `compute` raises is raised and not kept.

        `owner` is what `owner_key` gives of the user whom the answer is about.
        """
        if owner is not None:
            key = f"{owner}:{key}"
        local = self._local.get(key)
        if local is not None:
            CACHE.labels(model, "hit").inc()
            return local, True
        task = self._in_flight.get(key)
        if task is not None:
            CACHE.labels(model, "joined").inc()
            return await asyncio.shield(task), True
        erasures = self._erasures
        shared, mark = await self._shared.read(key) if self._shared is not None else (None, None)
        if shared is not None:
            if owner is None:
                self._local[key] = shared
            CACHE.labels(model, "hit_shared").inc()
            return shared, True
        task = self._in_flight.get(key)  # another call may have begun while the shared place was asked
        if task is None:
            CACHE.labels(model, "miss").inc()
            task = asyncio.ensure_future(self._fill(key, compute, owner, erasures, mark))
            self._in_flight[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        # Shielded: a caller who leaves does not take the others' answer away.
        return await asyncio.shield(task), False

    async def forget(self, owner: str) -> None:
        """Remove every answer about `owner`; one that is being computed is not kept either.

        Raises
        ------
        CacheAway: the shared place does not answer.
        """
        self._erasures += 1
        for key in [key for key in self._local if key.startswith(owner)]:
            self._local.pop(key, None)
        if self._shared is not None:
            await self._shared.forget(owner)

    async def close(self) -> None:
        """Let go of the shared place."""
        if self._shared is not None:
            await self._shared.close()

    def _landed(self, key: str, task: asyncio.Task[bytes]) -> None:
        self._in_flight.pop(key, None)
        if not task.cancelled():
            task.exception()  # read, so that an error nobody waits for any more is not reported as lost

    async def _fill(
        self, key: str, compute: Callable[[], Awaitable[bytes]], owner: str | None, erasures: int, mark: Mark
    ) -> bytes:
        value = await compute()
        if owner is None or (self._shared is None and erasures == self._erasures):
            self._local[key] = value
        if self._shared is not None:
            await self._shared.keep(key, value, owner, mark)
        return value


def cache_key(model: str, version: str, *parts: object) -> str:
    """Return a key that holds a digest of `parts`, never the parts themselves."""
    digest = hashlib.sha256("\0".join(map(repr, parts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ml:{model}:{version}:{digest}"


def owner_key(user_id: str) -> str:
    """Return the name under which answers about a user are kept: a digest."""
    return f"ml:user:{hashlib.sha256(user_id.encode('utf-8', 'surrogatepass')).hexdigest()}"
