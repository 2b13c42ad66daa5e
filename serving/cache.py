"""Answers kept for a while: in this process always, shared through Redis when there is one."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable

import structlog
from cachetools import TTLCache
from redis.asyncio import Redis
from redis.exceptions import RedisError

from serving.metrics import CACHE

log = structlog.get_logger(__name__)

_REDIS_TIMEOUT_S = 0.2
_REDIS_REST_S = 5.0


class AnswerCache:
    """Bytes by key, at most `size` of them in this process, each for `ttl_s` seconds.

    Concurrent misses of one key share one computation. A Redis that fails or hangs costs one call 0.2 s, is left
    alone for 5 s, and never fails a request.
    """

    def __init__(self, size: int, ttl_s: float, redis: Redis | None = None) -> None:
        self._local: TTLCache[str, bytes] = TTLCache(maxsize=size, ttl=ttl_s)
        self._ttl_s = ttl_s
        self._redis = redis
        self._redis_rests_until = 0.0
        self._in_flight: dict[str, asyncio.Task[bytes]] = {}

    async def get_or_compute(self, model: str, key: str, compute: Callable[[], Awaitable[bytes]]) -> tuple[bytes, bool]:
        """Return the value of `key` and whether it was there; what `compute` raises is raised and not kept."""
        local = self._local.get(key)
        if local is not None:
            CACHE.labels(model, "hit").inc()
            return local, True
        task = self._in_flight.get(key)
        if task is not None:
            CACHE.labels(model, "joined").inc()
            return await asyncio.shield(task), True
        shared = await self._read(key)
        if shared is not None:
            self._local[key] = shared
            CACHE.labels(model, "hit_shared").inc()
            return shared, True
        task = self._in_flight.get(key)  # another call may have begun while Redis was asked
        if task is None:
            CACHE.labels(model, "miss").inc()
            task = asyncio.ensure_future(self._fill(key, compute))
            self._in_flight[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        # Shielded: a caller who leaves does not take the others' answer away.
        return await asyncio.shield(task), False

    async def close(self) -> None:
        """Let go of Redis."""
        if self._redis is not None:
            await self._redis.aclose()

    def _forget(self, key: str, task: asyncio.Task[bytes]) -> None:
        self._in_flight.pop(key, None)
        if not task.cancelled():
            task.exception()  # read, so that an error nobody waits for any more is not reported as lost

    async def _fill(self, key: str, compute: Callable[[], Awaitable[bytes]]) -> bytes:
        value = await compute()
        self._local[key] = value
        await self._write(key, value)
        return value

    async def _read(self, key: str) -> bytes | None:
        if self._redis is None or time.monotonic() < self._redis_rests_until:
            return None
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_S):
                value = await self._redis.get(key)
                return value.encode() if isinstance(value, str) else value
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return None

    async def _write(self, key: str, value: bytes) -> None:
        if self._redis is None or time.monotonic() < self._redis_rests_until:
            return
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_S):
                await self._redis.set(key, value, px=int(self._ttl_s * 1000))
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)

    def _rest(self, error: BaseException) -> None:
        CACHE.labels("all", "redis_down").inc()
        log.warning("redis is away and left alone for a while", error=type(error).__name__, seconds=_REDIS_REST_S)
        self._redis_rests_until = time.monotonic() + _REDIS_REST_S


def cache_key(model: str, version: str, *parts: object) -> str:
    """Return a key that holds a digest of `parts`, never the parts themselves."""
    digest = hashlib.sha256("\0".join(map(repr, parts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ml:{model}:{version}:{digest}"


def open_redis(url: str) -> Redis:
    """Return a client that gives up quickly; it connects at first use."""
    client: Redis = Redis.from_url(
        url, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S, retry_on_error=[], retry=None
    )
    return client
