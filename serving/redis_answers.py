"""Answers that every machine shares: Redis, which may go away at any time."""

from __future__ import annotations

import asyncio
import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from serving.cache import CacheAway, Mark
from serving.metrics import CACHE

log = structlog.get_logger(__name__)

_TIMEOUT_S = 0.2
_REST_S = 5.0
_ERASURES = "ml:erasures"
"""Counts how often somebody was forgotten; an answer that was under way meanwhile is not kept."""
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


class RedisAnswers:
    """A Redis that fails or hangs costs one call 0.2 s, is left alone for 5 s, and never fails a request."""

    def __init__(self, url: str, ttl_s: float) -> None:
        # It gives up quickly, and connects at first use.
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, retry_on_error=[], retry=None
        )
        self._keep, self._forget = map(self._redis.register_script, (_KEEP, _FORGET))
        self._lifetime_ms = int(ttl_s * 1000)
        self._rests_until = 0.0

    async def read(self, key: str) -> tuple[bytes | None, Mark]:
        """Return what is kept under `key`, and how often somebody was forgotten."""
        if time.monotonic() < self._rests_until:
            return None, None
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                value, mark = map(_bytes, await self._redis.mget(key, _ERASURES))
                return value, mark
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return None, None

    async def keep(self, key: str, value: bytes, owner: str | None, mark: Mark) -> None:
        """Keep `value`; that of an owner only if nobody was forgotten since `mark`."""
        if time.monotonic() < self._rests_until:
            return
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                if owner is None:
                    await self._redis.set(key, value, px=self._lifetime_ms)
                else:
                    await self._keep([_ERASURES, key, owner], [mark or b"", value, self._lifetime_ms])
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)

    async def forget(self, owner: str) -> None:
        """Remove what is kept of `owner`, or raise `CacheAway`."""
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._forget([_ERASURES, owner])
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            raise CacheAway from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    def _rest(self, error: BaseException) -> None:
        CACHE.labels("all", "redis_down").inc()
        log.warning("redis is away and left alone for a while", error=type(error).__name__, seconds=_REST_S)
        self._rests_until = time.monotonic() + _REST_S


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
