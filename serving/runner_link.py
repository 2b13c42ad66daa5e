"""One way to ask a runner, and one meaning for each way that it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol, TypeVar

import aiohttp
import structlog
from bentoml.exceptions import BentoMLException

from models.contract import ModelState, Refusal
from serving.errors import KINDS, ApiError
from serving.metrics import RUNNER_CALLS

log = structlog.get_logger(__name__)

_REST_S = 0.05
"""Before a second attempt: a process that dies breaks all its connections, and the next one of them would be taken."""

ItemT = TypeVar("ItemT")
PredictionT = TypeVar("PredictionT")
ResultT = TypeVar("ResultT")


class RunnerCalls(Protocol[ItemT, PredictionT]):
    """The asynchronous face of a runner, the same in this process, beside it and elsewhere."""

    def predict(self, items: list[ItemT], /) -> Awaitable[list[PredictionT | Refusal]]: ...

    def describe(self) -> Awaitable[ModelState]: ...


class RunnerLink(Protocol[ItemT, PredictionT]):
    """What `bentoml.depends` gives."""

    @property
    def to_async(self) -> RunnerCalls[ItemT, PredictionT]: ...


async def ask(model: str, call: Callable[[], Awaitable[ResultT]]) -> ResultT:
    """Return what `call` answers; a connection that broke is tried once more, for predictions change nothing.

    Raises
    ------
    ApiError: 503 when the runner is away or full, 504 when it is late, 500 when it broke.
    """
    for attempt in (1, 2):
        try:
            result = await call()
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError, FileNotFoundError) as error:
            if isinstance(error, aiohttp.ServerTimeoutError):
                raise _failure(model, 504, error) from error
            if attempt == 2:
                raise _failure(model, 503, error) from error
            RUNNER_CALLS.labels(model, "retried").inc()
            await asyncio.sleep(_REST_S)
        except TimeoutError as error:
            raise _failure(model, 504, error) from error
        except BentoMLException as error:
            busy = error.error_code in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
            late = error.error_code == HTTPStatus.GATEWAY_TIMEOUT
            raise _failure(model, 504 if late else 503 if busy else 500, error) from error
        else:
            RUNNER_CALLS.labels(model, "ok").inc()
            return result
    raise AssertionError("unreachable")


def unwrap(outcome: PredictionT | Refusal) -> PredictionT:
    """Return a prediction, or raise the error that its refusal stands for."""
    if not isinstance(outcome, Refusal):
        return outcome
    status = next((status for status, kind in KINDS.items() if kind.code == outcome.code), 500)
    raise ApiError(status, outcome.message)


def _failure(model: str, status: int, error: BaseException) -> ApiError:
    RUNNER_CALLS.labels(model, KINDS[status].code).inc()
    log.warning("runner failed", runner=model, status=status, error=type(error).__name__)
    return ApiError(status)
