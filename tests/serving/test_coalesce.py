"""Items go together when calls are under way, and alone when none is."""

import asyncio

import pytest
from opentelemetry import propagate

from models.correlation import read
from serving.coalesce import Coalescer
from serving.request_context import begin


async def a_few_turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


class Runner:
    """Doubles numbers, and keeps the lists it was sent; a call ends when `gate` opens."""

    def __init__(self) -> None:
        self.lists: list[list[int]] = []
        self.gate = asyncio.Event()

    async def send(self, items: list[int]) -> list[int]:
        self.lists.append(items)
        await self.gate.wait()
        if 13 in items:
            raise ValueError("unlucky")
        return [2 * item for item in items]


async def test_a_lone_item_goes_at_once() -> None:
    runner = Runner()
    runner.gate.set()
    assert await Coalescer(runner.send).ask(3) == 6
    assert runner.lists == [[3]]


async def test_what_arrives_while_calls_are_under_way_goes_together_and_comes_back_in_order() -> None:
    runner = Runner()
    coalescer = Coalescer(runner.send, max_calls=1, max_items=4)
    first = asyncio.create_task(coalescer.ask(0))
    await a_few_turns()
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(1, 8)]
    await a_few_turns()
    runner.gate.set()
    assert await asyncio.gather(first, *asked) == [2 * number for number in range(8)]
    assert runner.lists == [[0], [1, 2, 3, 4], [5, 6, 7]]


async def test_what_arrives_in_the_same_turn_of_the_loop_goes_together() -> None:
    runner = Runner()
    runner.gate.set()
    coalescer = Coalescer(runner.send, max_calls=2, max_items=3)
    assert await asyncio.gather(*(coalescer.ask(number) for number in range(8))) == [2 * each for each in range(8)]
    assert runner.lists == [[0, 1, 2], [3, 4, 5], [6, 7]]


async def test_no_more_calls_than_allowed_are_under_way() -> None:
    runner = Runner()
    coalescer = Coalescer(runner.send, max_calls=2, max_items=1)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(5)]
    await asyncio.sleep(0.01)
    assert len(runner.lists) == 2
    runner.gate.set()
    await asyncio.gather(*asked)


async def test_an_item_whose_caller_left_is_not_sent() -> None:
    runner = Runner()
    coalescer = Coalescer(runner.send, max_calls=1)
    first = asyncio.create_task(coalescer.ask(1))
    await a_few_turns()
    gone = asyncio.create_task(coalescer.ask(2))
    kept = asyncio.create_task(coalescer.ask(3))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    runner.gate.set()
    assert await first == 2
    assert await kept == 6
    assert runner.lists == [[1], [3]]


async def test_a_call_that_fails_fails_its_own_list_only_and_frees_its_place() -> None:
    runner = Runner()
    runner.gate.set()
    coalescer = Coalescer(runner.send, max_calls=1)
    with pytest.raises(ValueError, match="unlucky"):
        await coalescer.ask(13)
    assert await coalescer.ask(1) == 2


async def test_a_call_tells_whom_it_is_for() -> None:
    told: list[list[str]] = []
    gate = asyncio.Event()

    async def send(items: list[int]) -> list[int]:
        headers: dict[str, str] = {}
        propagate.inject(headers)
        told.append([each.request_id for each in read(headers["baggage"])])
        await gate.wait()
        return items

    async def request(number: int) -> int:
        begin({"x-request-id": f"request-{number}"})
        return await coalescer.ask(number)

    coalescer = Coalescer(send, max_calls=1)
    first = asyncio.create_task(request(0))
    await a_few_turns()
    asked = [asyncio.create_task(request(number)) for number in (1, 2)]
    await a_few_turns()
    gate.set()
    await asyncio.gather(first, *asked)
    assert told == [["request-0"], ["request-1", "request-2"]]


async def test_what_waits_is_told() -> None:
    runner = Runner()
    told: list[int] = []
    coalescer = Coalescer(runner.send, max_calls=1, max_items=2, tell=told.append)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(4)]
    await a_few_turns()
    assert told[-1] == 2
    runner.gate.set()
    await asyncio.gather(*asked)
    assert told[-1] == 0
