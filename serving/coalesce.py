"""Few calls to a runner, each with all that has arrived: a call costs more than an item."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
OutcomeT = TypeVar("OutcomeT")


class Coalescer(Generic[ItemT, OutcomeT]):
    """Sends items on in lists, at most `max_calls` of them under way.

    An item that comes when a call is free goes at once, so that a lone caller waits for nobody; what comes while all
    are under way goes together in the next one. The runner's own batching then joins the lists of several gateways.

    Parameters
    ----------
    send: takes a list of items and returns their outcomes in that order.
    max_calls: two keep a runner busy while the first one's answer is on its way.
    max_items: longest list.
    """

    def __init__(
        self, send: Callable[[list[ItemT]], Awaitable[list[OutcomeT]]], max_calls: int = 2, max_items: int = 64
    ) -> None:
        self._send = send
        self._free = max_calls
        self._max_items = max_items
        self._waiting: deque[tuple[ItemT, asyncio.Future[OutcomeT]]] = deque()
        self._calls: set[asyncio.Task[None]] = set()

    async def ask(self, item: ItemT) -> OutcomeT:
        """Return the outcome of `item`; what `send` raises is raised to everyone in its list."""
        future: asyncio.Future[OutcomeT] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._start()
        return await future

    def _start(self) -> None:
        while self._free and self._waiting:
            batch: list[tuple[ItemT, asyncio.Future[OutcomeT]]] = []
            while self._waiting and len(batch) < self._max_items:
                item, future = self._waiting.popleft()
                if not future.done():  # its caller has left
                    batch.append((item, future))
            if batch:
                self._free -= 1
                call = asyncio.get_running_loop().create_task(self._call(batch))
                self._calls.add(call)
                call.add_done_callback(self._calls.discard)

    async def _call(self, batch: list[tuple[ItemT, asyncio.Future[OutcomeT]]]) -> None:
        try:
            outcomes = await self._send([item for item, _ in batch])
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)
        except Exception as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
        finally:
            self._free += 1
            self._start()
