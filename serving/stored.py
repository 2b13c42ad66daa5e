"""Calls to the store: counted by outcome, and a store that cannot do its work told as the API's error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import structlog

from models.contract import Unavailable
from serving.errors import STORE_UNAVAILABLE, ApiError
from serving.metrics import STORE_CALLS

log = structlog.get_logger(__name__)

GivenP = ParamSpec("GivenP")
ResultT = TypeVar("ResultT")


def stored(operation: str, call: Callable[GivenP, Awaitable[ResultT]]) -> Callable[GivenP, Awaitable[ResultT]]:
    """Return `call`, counted as `operation`; what it cannot do now it raises as a 503."""

    async def ask(*args: GivenP.args, **kwargs: GivenP.kwargs) -> ResultT:
        try:
            result = await call(*args, **kwargs)
        except Unavailable as failure:
            STORE_CALLS.labels(operation, failure.reason).inc()
            log.warning("store failed", operation=operation, reason=failure.reason)
            retry = {"retry-after": str(failure.retry_after_s)}
            raise ApiError(503, headers=retry, kind=STORE_UNAVAILABLE) from failure
        STORE_CALLS.labels(operation, "ok").inc()
        return result

    return ask
