"""The line about each item that a runner answered, under the id and the trace of the item's own request."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

import structlog
from opentelemetry import baggage
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from models.correlation import BAGGAGE, Correlation, parsed, read

log = structlog.get_logger("runner")


class RunnerAccess:
    """ASGI middleware of a runner in a process of its own: several requests share a call, and each gets a line.

    Parameters
    ----------
    model: name of the model that the runner answers with.
    """

    def __init__(self, app: ASGIApp, model: str) -> None:
        self.app = app
        self.model = model

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        requests = read(Headers(scope=scope).get("baggage", "")) if scope["type"] == "http" else []
        started = time.perf_counter()
        await self.app(scope, receive, send)
        _tell(logging.INFO, self.model, requests, started)


def tell_embedded(model: str, started: float) -> None:
    """Write the same lines for a call to a runner of this process, begun at `started`, for those who debug.

    The gateway's own line is by the same process and has the same time but for the wait; at the level of every day a
    second one would cost as much as a small model's prediction.
    """
    if log.is_enabled_for(logging.DEBUG):
        _tell(logging.DEBUG, model, parsed(str(baggage.get_baggage(BAGGAGE) or "")), started)


def _tell(level: int, model: str, requests: Sequence[Correlation], started: float) -> None:
    duration_ms = round((time.perf_counter() - started) * 1000, 3)
    for request in requests:
        log.log(
            level,
            "answered",
            model=model,
            items=len(requests),
            duration_ms=duration_ms,
            request_id=request.request_id,
            trace_id=request.trace_id,
            span_id=request.span_id,
        )
