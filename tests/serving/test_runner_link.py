from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import aiohttp
import pytest
from bentoml.exceptions import BentoMLException, InternalServerError, ServiceUnavailable
from prometheus_client import REGISTRY

from models.contract import Refusal
from serving.errors import ApiError
from serving.runner_link import ask, unwrap

BROKEN = [
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "reset by peer"),
    ConnectionRefusedError(),
    FileNotFoundError(),
]


class Runner:
    """Gives one outcome a call: raises exceptions, returns the rest."""

    def __init__(self, *outcomes: Any) -> None:
        self.outcomes = list(outcomes)

    async def __call__(self) -> Any:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("ml_runner_calls_total", {"model": "m", "outcome": outcome}) or 0.0


async def refused(*outcomes: Any) -> ApiError:
    runner = Runner(*outcomes)
    with pytest.raises(ApiError) as raised:
        await ask("m", runner)
    assert runner.outcomes == []
    return raised.value


async def test_answer_is_returned_and_counted():
    before = counted("ok")
    assert await ask("m", Runner("answer")) == "answer"
    assert counted("ok") == before + 1


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
async def test_broken_connection_is_tried_once_more(error: Exception):
    before = counted("retried")
    assert await ask("m", Runner(error, "answer")) == "answer"
    assert counted("retried") == before + 1


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
async def test_connection_that_breaks_twice_is_503(error: Exception):
    before = counted("model_unavailable")
    assert (await refused(error, error)).status == 503
    assert counted("model_unavailable") == before + 1


@pytest.mark.parametrize("error", [TimeoutError(), aiohttp.ServerTimeoutError(), aiohttp.ConnectionTimeoutError()])
async def test_late_runner_is_504_and_not_asked_again(error: Exception):
    assert (await refused(error)).status == 504


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ServiceUnavailable("process is overloaded"), 503),
        (BentoMLException("full", error_code=HTTPStatus.TOO_MANY_REQUESTS), 503),
        (InternalServerError("secret"), 500),
        (BentoMLException("odd", error_code=HTTPStatus.BAD_REQUEST), 500),
        pytest.param(
            BentoMLException("late", error_code=HTTPStatus.GATEWAY_TIMEOUT),
            504,
        ),
    ],
)
async def test_error_answered_by_the_runner_is_mapped_and_not_asked_again(error: Exception, status: int):
    assert (await refused(error)).status == status


async def test_payload_broken_in_the_middle_is_503():
    error = aiohttp.ClientPayloadError("secret")
    assert (await refused(error, error)).status == 503


async def test_error_tells_the_caller_nothing_of_its_cause():
    error = await refused(InternalServerError("secret"))
    assert "secret" not in error.response().body.decode()


async def test_cancellation_is_no_failure_of_the_runner():
    with pytest.raises(asyncio.CancelledError):
        await ask("m", Runner(asyncio.CancelledError()))


def test_prediction_is_unwrapped():
    assert unwrap("prediction") == "prediction"


@pytest.mark.parametrize(
    ("code", "status"), [("internal_error", 500), ("not_found", 404), ("invalid_request", 400), ("unheard_of", 500)]
)
def test_refusal_is_raised_as_the_error_of_its_code(code: str, status: int):
    with pytest.raises(ApiError) as raised:
        unwrap(Refusal(code=code, message="This item could not be processed."))
    assert (raised.value.status, raised.value.message) == (status, "This item could not be processed.")
