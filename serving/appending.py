"""Rows for the store, written in the order they come; those that come during a write go together in the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from serving.coalesce import Coalescer

RowT = TypeVar("RowT")

_MOST_TOGETHER = 256


class Appending(Generic[RowT]):
    """One write at a time. `append` stores some rows, or none and raises."""

    def __init__(self, append: Callable[[list[RowT]], Awaitable[None]]) -> None:
        async def send(rows: list[RowT]) -> list[None]:
            await append(rows)
            return [None] * len(rows)

        self._rows: Coalescer[RowT, None] = Coalescer(send, max_calls=1, max_items=_MOST_TOGETHER)

    async def add(self, row: RowT) -> None:
        """Return once `row` is stored; raise what `append` raises."""
        await self._rows.ask(row)
