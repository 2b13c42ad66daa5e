"""Which predictions are kept for audits: a random share, handed on without any caller waiting for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import orjson
import structlog
from pydantic import BaseModel

from models.audit import Audit, Output
from models.contract import Answer
from serving.appending import Appending
from serving.metrics import LOGGED
from serving.request_context import request_id

log = structlog.get_logger(__name__)

_MOST_WAITING = 1000
"""Predictions that wait for a slow store; more are dropped, and counted."""


class PredictionLog:
    """Samples predictions and keeps them. A log that fails fails no request: what is lost is counted.

    Parameters
    ----------
    append: stores some. share: of the predictions, from 0 to 1.
    """

    def __init__(self, append: Callable[[list[Audit]], Awaitable[None]], share: float) -> None:
        self._share = share
        self._rows = Appending(append)
        self._waiting: set[asyncio.Task[None]] = set()

    def offer(self, request: BaseModel, answer: Answer, output: Callable[[], Output]) -> None:
        """Keep an answer, perhaps; `output` gives what to keep of it, when it is kept."""
        if random.random() >= self._share:
            return
        if len(self._waiting) >= _MOST_WAITING:
            LOGGED.labels("dropped").inc()
            return
        row = Audit(
            prediction_id=answer.prediction_id,
            request_id=request_id(),
            user_id=getattr(request, "user_id", None),
            answered_at=datetime.now(UTC),
            model=f"{answer.model.name}:{answer.model.version}",
            features={
                name: orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
                for name, value in request.model_dump(mode="json", exclude={"user_id"}, exclude_none=True).items()
            },
            output=output(),
        )
        task = asyncio.get_running_loop().create_task(self._keep(row))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def written(self) -> None:
        """Return when what was offered so far is stored, or lost."""
        await asyncio.gather(*self._waiting)

    async def _keep(self, row: Audit) -> None:
        try:
            await self._rows.add(row)
        except Exception as error:
            LOGGED.labels("lost").inc()
            log.warning("prediction not logged", error=type(error).__name__)
        else:
            LOGGED.labels("stored").inc()
