from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response

from serving.errors import STORE_UNAVAILABLE, ApiError
from serving.outcome import outcome
from serving.request_context import begin


def context() -> Any:
    return SimpleNamespace(response=SimpleNamespace(status_code=200))


async def give() -> str:
    return "answer"


async def fail() -> str:
    raise ApiError(503, headers={"retry-after": "7"}, kind=STORE_UNAVAILABLE)


async def crash() -> str:
    raise ValueError("a mistake of ours")


async def test_answer_passes():
    assert await outcome(give(), context()) == "answer"


async def test_error_becomes_its_response_with_its_status_in_the_context():
    given = context()
    response = await outcome(fail(), given)
    assert isinstance(response, Response)
    assert (response.status_code, given.response.status_code, response.headers["retry-after"]) == (503, 503, "7")
    assert b"store_unavailable" in bytes(response.body)


async def test_mistake_is_not_an_answer():
    with pytest.raises(ValueError, match="of ours"):
        await outcome(crash(), context())


async def test_user_is_noted_under_a_pseudonym():
    info = begin(Headers({}))
    await outcome(give(), context())
    assert info.user is None
    await outcome(give(), context(), "ann")
    assert info.user is not None
    assert "ann" not in info.user
