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
_ERASURES = "ml:erasures"
"""Counts in Redis how often somebody was forgotten; an answer that was under way meanwhile is not kept."""
_KEEP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[3], KEYS[2])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
"""
_FORGET = """
redis.call('INCR', KEYS[1])
for _, key in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', key) end
redis.call('DEL', KEYS[2])
"""


class CacheAway(RuntimeError):
    """Redis cannot be asked: what it holds may still be there."""


class AnswerCache:
    """Bytes by key, at most `size` of them in this process, each for `ttl_s` seconds.

    Concurrent misses of one key share one computation. A Redis that fails or hangs costs one call 0.2 s, is left
    alone for 5 s, and never fails a request.

    An answer about a user has that user as its owner, and `forget` removes all that an owner has. So that no copy is
    out of its reach, such an answer is kept in one place: in Redis where there is one, else in this process.
    """

    def __init__(self, size: int, ttl_s: float, redis: Redis | None = None) -> None:
        self._local: TTLCache[str, bytes] = TTLCache(maxsize=size, ttl=ttl_s)
        self._ttl_s = ttl_s
        self._redis = redis
        if redis is not None:
            self._keep_in_redis, self._forget_in_redis = map(redis.register_script, (_KEEP, _FORGET))
        self._redis_rests_until = 0.0
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
        shared, erasures = await self._read(key)
        if shared is not None:
            if owner is None:
                self._local[key] = shared
            CACHE.labels(model, "hit_shared").inc()
            return shared, True
        task = self._in_flight.get(key)  # another call may have begun while Redis was asked
        if task is None:
            CACHE.labels(model, "miss").inc()
            task = asyncio.ensure_future(self._fill(key, compute, owner, erasures))
            self._in_flight[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        # Shielded: a caller who leaves does not take the others' answer away.
        return await asyncio.shield(task), False

    async def forget(self, owner: str) -> None:
        """Remove every answer about `owner`; one that is being computed is not kept either.

        Raises
        ------
        CacheAway: Redis does not answer.
        """
        self._erasures += 1
        for key in [key for key in self._local if key.startswith(owner)]:
            self._local.pop(key, None)
        if self._redis is None:
            return
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_S):
                await self._forget_in_redis([_ERASURES, owner])
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            raise CacheAway from error

    async def close(self) -> None:
        """Let go of Redis."""
        if self._redis is not None:
            await self._redis.aclose()

    def _landed(self, key: str, task: asyncio.Task[bytes]) -> None:
        self._in_flight.pop(key, None)
        if not task.cancelled():
            task.exception()  # read, so that an error nobody waits for any more is not reported as lost

    async def _fill(
        self, key: str, compute: Callable[[], Awaitable[bytes]], owner: str | None, erasures: tuple[int, bytes | None]
    ) -> bytes:
        value = await compute()
        if owner is None or (self._redis is None and erasures[0] == self._erasures):
            self._local[key] = value
        await self._write(key, value, owner, erasures[1])
        return value

    async def _read(self, key: str) -> tuple[bytes | None, tuple[int, bytes | None]]:
        """Return what Redis holds, and how often somebody was forgotten, here and there."""
        here = self._erasures
        if self._redis is None or time.monotonic() < self._redis_rests_until:
            return None, (here, None)
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_S):
                value, there = map(_bytes, await self._redis.mget(key, _ERASURES))
                return value, (here, there)
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return None, (here, None)

    async def _write(self, key: str, value: bytes, owner: str | None, erasures: bytes | None) -> None:
        if self._redis is None or time.monotonic() < self._redis_rests_until:
            return
        lifetime_ms = int(self._ttl_s * 1000)
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_S):
                if owner is None:
                    await self._redis.set(key, value, px=lifetime_ms)
                else:
                    await self._keep_in_redis([_ERASURES, key, owner], [erasures or b"", value, lifetime_ms])
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


def owner_key(user_id: str) -> str:
    """Return the name under which answers about a user are kept: a digest."""
    return f"ml:user:{hashlib.sha256(user_id.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


def open_redis(url: str) -> Redis:
    """Return a client that gives up quickly; it connects at first use."""
    client: Redis = Redis.from_url(
        url, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S, retry_on_error=[], retry=None
    )
    return client
