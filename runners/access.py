"""The line that a runner writes for each item it answered, under the id and the trace of the item's own request."""

from __future__ import annotations

import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from models.correlation import read

log = structlog.get_logger("runner")


class RunnerAccess:
    """ASGI middleware of a runner: several requests share a call, and each gets a line.

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
        duration_ms = round((time.perf_counter() - started) * 1000, 3)
        for request in requests:
            log.info(
                "answered",
                model=self.model,
                items=len(requests),
                duration_ms=duration_ms,
                request_id=request.request_id,
                trace_id=request.trace_id,
                span_id=request.span_id,
            )
