from __future__ import annotations

import asyncio

import pytest

from serving.appending import Appending


async def test_rows_that_come_during_a_write_go_together_in_the_next():
    written: list[list[int]] = []
    first = asyncio.Event()

    async def append(rows: list[int]) -> None:
        if not written:
            written.append(rows)
            await first.wait()
        else:
            written.append(rows)

    rows = Appending(append)
    writing = asyncio.create_task(rows.add(0))
    while not written:
        await asyncio.sleep(0)
    waiting = [asyncio.create_task(rows.add(row)) for row in range(1, 5)]
    await asyncio.sleep(0)
    first.set()
    await asyncio.gather(writing, *waiting)
    assert written == [[0], [1, 2, 3, 4]]


async def test_a_write_that_fails_is_told_to_all_whose_rows_it_had():
    async def append(rows: list[int]) -> None:
        raise OSError("disk")

    rows = Appending(append)
    outcomes = await asyncio.gather(*(rows.add(row) for row in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError] * 3
    with pytest.raises(OSError, match="disk"):
        await rows.add(4)
