from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest
from pebble import ProcessExpired

from runners.processes import Overdue, Processes

pytestmark = pytest.mark.asyncio(loop_scope="module")  # as in a runner, one event loop has them all its life


def begin(word: str) -> None:
    os.environ["SPENDING_TEST_WORD"] = word


def work(item: str) -> str:
    """Do what `item` says."""
    verb, _, rest = item.partition(" ")
    if verb == "sleep":
        time.sleep(float(rest))
    elif verb == "die":
        os._exit(1)
    elif verb == "raise":
        raise ValueError(rest)
    elif verb == "whoami":
        item = str(os.getpid())
    return f"{os.environ['SPENDING_TEST_WORD']} {item}"


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes[str, str]]:
    made: Processes[str, str] = Processes(2, 3.0, begin, ("did",), work)
    made.warm_up("nothing")
    yield made
    made.close()


async def test_each_item_gets_its_own_answer(processes: Processes[str, str]):
    items = [f"item {number}" for number in range(20)]
    assert await asyncio.gather(*map(processes.run, items)) == [f"did {item}" for item in items]


async def test_a_slow_item_is_in_nobodys_way(processes: Processes[str, str]):
    slow = asyncio.ensure_future(processes.run("sleep 2"))
    await asyncio.gather(*(processes.run(f"item {number}") for number in range(10)))
    assert not slow.done()
    assert await slow == "did sleep 2"


async def test_what_it_raised_is_raised(processes: Processes[str, str]):
    with pytest.raises(ValueError, match="no such thing"):
        await processes.run("raise no such thing")
    assert await processes.run("next") == "did next"


async def test_an_item_that_takes_too_long_is_given_up_and_the_others_go_on(processes: Processes[str, str]):
    endless = asyncio.ensure_future(processes.run("sleep 600"))
    assert await processes.run("next") == "did next"
    with pytest.raises(TimeoutError):
        await endless
    assert await asyncio.gather(*(processes.run(f"item {number}") for number in range(4)))


async def test_an_item_that_kills_its_process_fails_alone(processes: Processes[str, str]):
    with pytest.raises(ProcessExpired):
        await processes.run("die")
    assert await asyncio.gather(*(processes.run(f"item {number}") for number in range(4)))


async def test_a_caller_who_leaves_takes_no_process_with_him(processes: Processes[str, str]):
    leaving = asyncio.ensure_future(processes.run("sleep 1"))
    await asyncio.sleep(0.2)
    leaving.cancel()
    assert await asyncio.gather(*(processes.run(f"item {number}") for number in range(4)))


async def test_who_waited_too_long_for_a_process_is_told():
    narrow: Processes[str, str] = Processes(1, 0.5, begin, ("did",), work)
    narrow.warm_up("nothing")
    try:
        first = asyncio.ensure_future(narrow.run("sleep 0.4"))
        late = [asyncio.ensure_future(narrow.run("sleep 0.4")) for _ in range(3)]
        outcomes = await asyncio.gather(first, *late, return_exceptions=True)
    finally:
        narrow.close()
    assert any(isinstance(each, Overdue) for each in outcomes)


async def test_when_there_are_no_processes_any_more_this_one_ends():
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    alone: Processes[str, str] = Processes(1, 3.0, begin, ("did",), work)
    try:
        alone.close()
        with pytest.raises(RuntimeError):
            await alone.run("next")
        assert told == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_what_is_under_way_when_its_process_is_told_to_end_is_answered():
    alone: Processes[str, str] = Processes(1, 5.0, begin, ("did",), work)
    try:
        pid = int((await alone.run("whoami")).split()[-1])
        under_way = asyncio.ensure_future(alone.run("sleep 1"))
        await asyncio.sleep(0.3)
        os.kill(pid, signal.SIGTERM)
        assert await under_way == "did sleep 1"
    finally:
        alone.close()
