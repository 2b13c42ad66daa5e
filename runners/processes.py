"""Work in processes of its own: a bound on how much at once, a bound on how long, and no item in another's way."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, Generic, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

CONSTS.term_timeout = 0.1  # seconds from SIGTERM, which the processes ignore, to SIGKILL
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Overdue(Exception):
    """An item waited too long for a process."""


class Processes(Generic[ItemT, ResultT]):
    """A few processes that work on one item each.

    A process that takes longer than `timeout_s` for an item, or dies of it, is replaced; the other processes go on.
    When none can be replaced any more, this process tells itself to end.

    Parameters
    ----------
    start: called once in each process, with `arguments`. work: called there for each item.
    """

    def __init__(
        self,
        processes: int,
        timeout_s: float,
        start: Callable[..., None],
        arguments: tuple[Any, ...],
        work: Callable[[ItemT], ResultT],
    ) -> None:
        self._processes = processes
        self._timeout_s = timeout_s
        self._work = work
        self._free = asyncio.Semaphore(processes)
        # Spawned: a fork of a process with threads may hold their locks for ever.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(processes, context=context, initializer=_begin, initargs=(start, arguments))

    def warm_up(self, item: ItemT) -> None:
        """Return once every process has done `item`; one that dies of it or is ended is replaced when needed."""
        for future in [self._pool.schedule(self._work, [item]) for _ in range(self._processes)]:
            with suppress(ProcessExpired, CancelledError):
                future.result()

    async def run(self, item: ItemT) -> ResultT:
        """Return what a process makes of `item`, or raise what it raised.

        Raises
        ------
        TimeoutError: it took longer than allowed. Overdue: no process was free for as long.
        """
        asked = time.monotonic()
        async with self._free:
            if time.monotonic() - asked > self._timeout_s:
                raise Overdue
            future = self._schedule(item)
            # Shielded: a caller who leaves would take the process with him, and a new one takes seconds to start.
            return await asyncio.shield(future)

    def _schedule(self, item: ItemT) -> asyncio.Future[ResultT]:
        try:
            return asyncio.wrap_future(self._pool.schedule(self._work, [item], timeout=self._timeout_s))
        except RuntimeError:  # what runs the processes is broken, and stays so: whoever replaces this one makes it anew
            os.kill(os.getpid(), signal.SIGTERM)
            raise

    def close(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _begin(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    # Whoever tells this process's parent to end tells its children, too; that one ends them when all is answered.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    start(*arguments)
