"""The log of credit decisions: one that cannot be explained later is not given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from serving.appending import Appending
from serving.request_context import request_id

RequestT = TypeVar("RequestT")
AnswerT = TypeVar("AnswerT")
RowT = TypeVar("RowT")


class DecisionLog(Generic[RequestT, AnswerT, RowT]):
    """Keeps every decision, before it is answered.

    Parameters
    ----------
    append: stores some rows.
    row_of: makes the row of a request, its answer and its request id.
    """

    def __init__(
        self,
        append: Callable[[list[RowT]], Awaitable[None]],
        row_of: Callable[[RequestT, AnswerT, str], RowT],
    ) -> None:
        self._rows = Appending(append)
        self._row_of = row_of

    async def record(self, request: RequestT, answer: AnswerT) -> None:
        """Return once the decision is stored; a store that cannot takes the answer with it."""
        await self._rows.add(self._row_of(request, answer, request_id()))
