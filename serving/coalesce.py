"""Few calls to a runner, each with all that has arrived: a call costs more than an item."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from serving.request_context import RequestInfo, carry, current

ItemT = TypeVar("ItemT")
OutcomeT = TypeVar("OutcomeT")


@dataclass(frozen=True)
class _Asked(Generic[ItemT, OutcomeT]):
    item: ItemT
    future: asyncio.Future[OutcomeT]
    request: RequestInfo | None


class Coalescer(Generic[ItemT, OutcomeT]):
    """Sends items on in lists, at most `max_calls` of them under way.

    An item that comes when a call is free goes at once, so that a lone caller waits for nobody; what comes while all
    are under way goes together in the next one. The runner's own batching then joins the lists of several gateways.

    Parameters
    ----------
    send: takes a list of items and returns their outcomes in that order.
    max_calls: two keep a runner busy while the first one's answer is on its way.
    max_items: longest list.
    tell: is told how many items wait for a free call, whenever that may have changed.
    """

    def __init__(
        self,
        send: Callable[[list[ItemT]], Awaitable[list[OutcomeT]]],
        max_calls: int = 2,
        max_items: int = 64,
        tell: Callable[[int], None] | None = None,
    ) -> None:
        self._send = send
        self._free = max_calls
        self._max_items = max_items
        self._tell = tell
        self._waiting: deque[_Asked[ItemT, OutcomeT]] = deque()
        self._starting = 0
        self._calls: set[asyncio.Task[None]] = set()

    async def ask(self, item: ItemT) -> OutcomeT:
        """Return the outcome of `item`; what `send` raises is raised to everyone in its list."""
        future: asyncio.Future[OutcomeT] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(item, future, current()))
        self._start()
        return await future

    def _start(self) -> None:
        # A call takes its list when its turn comes: what else arrives in this turn of the loop is in it.
        while self._free and len(self._waiting) > self._starting * self._max_items:
            self._free -= 1
            self._starting += 1
            call = asyncio.get_running_loop().create_task(self._call())
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        if self._tell is not None:
            self._tell(len(self._waiting))

    async def _call(self) -> None:
        batch = self._take()
        carry(asked.request for asked in batch if asked.request is not None)
        try:
            outcomes = await self._send([asked.item for asked in batch]) if batch else []
            for asked, outcome in zip(batch, outcomes, strict=True):
                if not asked.future.done():
                    asked.future.set_result(outcome)
        except Exception as error:
            for asked in batch:
                if not asked.future.done():
                    asked.future.set_exception(error)
        finally:
            self._free += 1
            self._start()

    def _take(self) -> list[_Asked[ItemT, OutcomeT]]:
        self._starting -= 1
        batch: list[_Asked[ItemT, OutcomeT]] = []
        while self._waiting and len(batch) < self._max_items:
            asked = self._waiting.popleft()
            if not asked.future.done():  # else its caller has left
                batch.append(asked)
        if self._tell is not None:
            self._tell(len(self._waiting))
        return batch
