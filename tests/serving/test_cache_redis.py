"""The cache against a real `redis-server`: shared, killed, hung, back again."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis as blocking_redis
from prometheus_client import REGISTRY

import serving.redis_answers
from serving.cache import AnswerCache, CacheAway, owner_key
from serving.redis_answers import RedisAnswers
from tests.served import free_port

ANN, BOB = owner_key("ann"), owner_key("bob")
pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="no redis-server here (Debian package redis-server)"
)


class RedisServer:
    """A real server without persistence."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder = folder
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        with blocking_redis.Redis.from_url(self.url, retry=None) as probe:
            while time.monotonic() < deadline:
                try:
                    probe.ping()
                except blocking_redis.RedisError:
                    time.sleep(0.02)
                else:
                    return
        raise AssertionError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.redis_answers, "_REST_S", 0.3)


def open_cache(server: RedisServer, ttl_s: float = 60) -> AnswerCache:
    return AnswerCache(10, ttl_s, RedisAnswers(server.url, ttl_s))


def failures() -> float:
    return REGISTRY.get_sample_value("ml_cache_events_total", {"model": "all", "event": "redis_down"}) or 0.0


async def compute() -> bytes:
    return b"computed"


async def unreachable() -> bytes:
    raise AssertionError("computed though it was there")


async def test_answer_of_one_process_is_a_hit_in_another(server: RedisServer):
    one, other = open_cache(server), open_cache(server)
    assert await one.get_or_compute("m", "k", compute) == (b"computed", False)
    assert await other.get_or_compute("m", "k", unreachable) == (b"computed", True)
    await one.close()
    await other.close()


async def test_shared_answer_is_forgotten_after_its_time(server: RedisServer):
    one, other = open_cache(server, ttl_s=0.05), open_cache(server)
    await one.get_or_compute("m", "k", compute)
    await asyncio.sleep(0.2)
    assert await other.get_or_compute("m", "k", compute) == (b"computed", False)
    await one.close()
    await other.close()


async def test_server_killed_in_the_middle_fails_no_call(server: RedisServer):
    cache = open_cache(server)

    async def caller(number: int) -> bytes:
        answer, _ = await cache.get_or_compute("m", f"k{number}", compute)
        return answer

    before = [await caller(number) for number in range(20)]
    during = asyncio.gather(*(caller(number) for number in range(20, 60)))
    server.kill()
    after = [await caller(number) for number in range(60, 80)]
    assert {*before, *await during, *after} == {b"computed"}
    await cache.close()


async def test_server_that_hangs_costs_one_call_a_moment_and_is_then_left_alone(server: RedisServer):
    cache = open_cache(server)
    await cache.get_or_compute("m", "warm", compute)
    failed = failures()
    server.process.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert await cache.get_or_compute("m", "first", compute) == (b"computed", False)
        assert time.monotonic() - started < 1
        for number in range(50):
            await cache.get_or_compute("m", f"later-{number}", compute)
        assert failures() == failed + 1
        assert time.monotonic() - started < 2
    finally:
        server.process.send_signal(signal.SIGCONT)
    await cache.close()


async def test_server_that_hangs_holds_up_concurrent_calls_once(server: RedisServer):
    cache = open_cache(server)
    server.process.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        await asyncio.gather(*(cache.get_or_compute("m", str(number), compute) for number in range(100)))
        assert time.monotonic() - started < 2
    finally:
        server.process.send_signal(signal.SIGCONT)
    await cache.close()


async def test_server_that_never_was_there_costs_nothing_but_the_sharing():
    cache = AnswerCache(10, 60, RedisAnswers(f"redis://127.0.0.1:{free_port()}/0", 60))
    assert await cache.get_or_compute("m", "k", compute) == (b"computed", False)
    assert await cache.get_or_compute("m", "k", unreachable) == (b"computed", True)
    await cache.close()


@pytest.mark.usefixtures("short_rest")
async def test_server_that_comes_back_is_shared_again_after_the_rest(server: RedisServer):
    one, other = open_cache(server), open_cache(server)
    await one.get_or_compute("m", "before", compute)
    server.kill()
    await one.get_or_compute("m", "away", compute)
    server.start()
    await asyncio.sleep(0.4)
    await one.get_or_compute("m", "again", compute)
    assert await other.get_or_compute("m", "again", unreachable) == (b"computed", True)
    await one.close()
    await other.close()


@pytest.mark.usefixtures("short_rest")
async def test_server_that_hung_answers_the_right_key_afterwards(server: RedisServer):
    """A reply that comes late must not be taken for the reply to the next question."""
    cache, other = open_cache(server), open_cache(server)
    for key in ("a", "b"):
        value = key.encode()
        await other.get_or_compute("m", key, lambda value=value: asyncio.sleep(0, value))
    await cache.get_or_compute("m", "warm", compute)
    server.process.send_signal(signal.SIGSTOP)
    await cache.get_or_compute("m", "a", compute)
    server.process.send_signal(signal.SIGCONT)
    await asyncio.sleep(0.4)
    assert await cache.get_or_compute("m", "b", unreachable) == (b"b", True)
    await cache.close()
    await other.close()


async def test_user_forgotten_by_one_process_is_forgotten_by_all(server: RedisServer):
    one, other = open_cache(server), open_cache(server)
    for owner in (ANN, BOB):
        await one.get_or_compute("m", "k", compute, owner)
        assert await other.get_or_compute("m", "k", unreachable, owner) == (b"computed", True)
    await other.forget(ANN)
    assert await one.get_or_compute("m", "k", compute, ANN) == (b"computed", False)
    assert await one.get_or_compute("m", "k", unreachable, BOB) == (b"computed", True)
    await one.close()
    await other.close()


async def test_forgotten_user_leaves_no_key(server: RedisServer):
    cache = open_cache(server)
    for number in range(50):
        await cache.get_or_compute("m", str(number), compute, ANN)
    with blocking_redis.Redis.from_url(server.url) as probe:
        assert len(probe.keys(f"{ANN}*")) == 51
        await cache.forget(ANN)
        assert probe.keys(f"{ANN}*") == []
    await cache.close()


async def test_answers_about_a_user_and_their_list_go_after_their_time(server: RedisServer):
    cache = open_cache(server, ttl_s=0.05)
    await cache.get_or_compute("m", "k", compute, ANN)
    await asyncio.sleep(0.2)
    with blocking_redis.Redis.from_url(server.url) as probe:
        assert probe.keys(f"{ANN}*") == []
    await cache.close()


async def test_answer_under_way_in_one_process_is_not_kept_when_another_forgets_its_user(server: RedisServer):
    one, other = open_cache(server), open_cache(server)
    go = asyncio.Event()

    async def slowly() -> bytes:
        await go.wait()
        return b"late"

    call = asyncio.create_task(one.get_or_compute("m", "k", slowly, ANN))
    await asyncio.sleep(0.1)
    await other.forget(ANN)
    go.set()
    assert await call == (b"late", False)
    assert await one.get_or_compute("m", "k", compute, ANN) == (b"computed", False)
    assert await one.get_or_compute("m", "k", unreachable, ANN) == (b"computed", True)
    await one.close()
    await other.close()


async def test_forgetting_while_redis_is_away_is_an_error(server: RedisServer):
    cache = open_cache(server)
    await cache.get_or_compute("m", "k", compute, ANN)
    server.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(CacheAway):
            await cache.forget(ANN)
    finally:
        server.process.send_signal(signal.SIGCONT)
    await cache.forget(ANN)
    with blocking_redis.Redis.from_url(server.url) as probe:
        assert probe.keys(f"{ANN}*") == []
    await cache.close()
