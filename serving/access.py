"""The outermost middleware: names the request, times it, counts it, and writes its one access line."""

from __future__ import annotations

import time
from collections.abc import Collection

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.metrics import IN_FLIGHT, LATENCY, REQUESTS
from serving.request_context import begin

log = structlog.get_logger("access")

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_QUIET = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})


class Access:
    """Gives each request an id and a trace, and each answer an `x-request-id`.

    Parameters
    ----------
    routes: the paths that exist. Others share the label `unknown`, so that a scanner makes no series and a
        path that holds somebody's data reaches no log.
    """

    def __init__(self, app: ASGIApp, routes: Collection[str]) -> None:
        self.app = app
        self.routes = frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        info = begin(Headers(scope=scope))
        path = scope["path"]
        route = path if path in self.routes else "unknown"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = 499  # what is written when the caller leaves before the answer
        started = time.perf_counter()

        async def identified(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                others = [pair for pair in message["headers"] if pair[0].lower() != b"x-request-id"]
                message["headers"] = [*others, (b"x-request-id", info.request_id.encode("latin-1"))]
            await send(message)

        IN_FLIGHT.inc()
        try:
            await self.app(scope, receive, identified)
        finally:
            IN_FLIGHT.dec()
            seconds = time.perf_counter() - started
            REQUESTS.labels(route, method, str(status)).inc()
            LATENCY.labels(route).observe(seconds)
            write = log.debug if route in _QUIET and status < 400 else log.info
            write(
                "request",
                method=method,
                path=route,
                status=status,
                duration_ms=round(seconds * 1000, 3),
                model=info.model,
                user=info.user,
                request_id=info.request_id,
                trace_id=info.trace_id,
                span_id=info.span_id,
            )
