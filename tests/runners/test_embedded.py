from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

import runners.embedded
from runners.embedded import Embedded, EmbeddedRunner, RunnerMissing
from tests.runners.echo import EchoRunner

Echo: Any = EchoRunner


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Echo.inner, "made", 0)
    monkeypatch.setattr(Echo.inner, "fails", 0)


@pytest.fixture
async def echo() -> AsyncIterator[EmbeddedRunner]:
    runner = Embedded(EchoRunner, "echo").get()
    yield runner
    await runner.close()


async def test_it_answers_as_a_proxy_does(echo: EmbeddedRunner):
    assert [answer.split()[0] for answer in await echo.to_async.predict(["a", "b"])] == ["a", "b"]
    assert (await echo.to_async.describe()).name == "echo"


async def test_every_call_is_in_the_runner_s_own_thread(echo: EmbeddedRunner):
    answers = await asyncio.gather(*(echo.predict([str(number)]) for number in range(20)))
    (thread,) = {answer.split()[1] for [answer] in answers}
    assert thread.startswith("echo_runner")


async def test_it_is_made_once(echo: EmbeddedRunner):
    await asyncio.gather(*(echo.predict(["a"]) for _ in range(10)))
    assert Echo.inner.made == 1


async def test_the_event_loop_need_not_wait_long_for_its_turn(echo: EmbeddedRunner):
    assert sys.getswitchinterval() <= 0.001


async def test_description_waits_behind_a_call_that_hangs(echo: EmbeddedRunner):
    await echo.describe()
    hanging = asyncio.ensure_future(echo.predict(["wait"]))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await echo.describe()
    echo._instance.go.set()
    assert await hanging
    assert await echo.describe()


async def test_model_that_cannot_be_loaded_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Echo.inner, "fails", 1)
    echo = EmbeddedRunner(EchoRunner, "echo")
    for _ in range(3):
        with pytest.raises(RunnerMissing):
            await echo.predict(["a"])
    assert Echo.inner.made == 1
    monkeypatch.setattr(runners.embedded, "_REST_S", 0.0)
    assert await echo.predict(["a"])
    assert Echo.inner.made == 2
    await echo.close()
