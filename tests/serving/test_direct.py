from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, Response

from models.contract import Request
from serving.body import JsonBody
from serving.direct import Aside, Direct
from serving.errors import ApiError, ErrorShape
from tests.serving.asgi import client


class Question(Request):
    number: int


class Doubled(BaseModel):
    number: int


async def double(request: Question, aside: Aside) -> Doubled | Response:
    """Answer as a method of the service does."""
    if request.number == 13:
        return ApiError(503).response()
    if request.number == 14:
        raise RuntimeError("broken")
    aside.response.headers["x-cache"] = "miss"
    return Doubled(number=2 * request.number)


SERVICE = SimpleNamespace(apis={"double": SimpleNamespace(route="/double", input_spec=Question)})
INSTANCE = SimpleNamespace(double=SimpleNamespace(local=double))


async def post(content: bytes, path: str = "/double", method: str = "POST") -> httpx.Response:
    inside = Direct(PlainTextResponse("of the framework"), SERVICE, lambda: INSTANCE)
    async with client(ErrorShape(JsonBody(inside, max_bytes=10_000, timeout_s=5))) as http:
        return await http.request(method, path, content=content)


async def test_answer_is_json_with_what_the_method_says_beside_it():
    response = await post(b'{"number": 21}')
    assert (response.status_code, response.json()) == (200, {"number": 42})
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["x-cache"] == "miss"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"no json", b'{"number": "1"}', b'{"number": 1, "more": 1}'])
async def test_body_that_breaks_the_contract_is_400_with_its_fields(body: bytes):
    response = await post(body)
    assert response.status_code == 400
    error: dict[str, Any] = response.json()["error"]
    assert error["code"] == "invalid_request"
    assert all(detail["field"] and detail["message"] and detail["type"] for detail in error["details"])


async def test_error_of_the_method_is_sent_as_it_is():
    response = await post(b'{"number": 13}')
    assert (response.status_code, response.json()["error"]["code"]) == (503, "model_unavailable")


async def test_method_that_breaks_is_500():
    response = await post(b'{"number": 14}')
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal_error")


@pytest.mark.parametrize(("path", "method"), [("/double", "GET"), ("/other", "POST")])
async def test_all_else_goes_on_to_the_framework(path: str, method: str):
    assert (await post(b"", path, method)).text == "of the framework"
