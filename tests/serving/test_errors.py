from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from serving.access import Access
from serving.errors import KINDS, ApiError, ErrorShape
from tests.serving.asgi import Sent, client, http_scope, incoming


async def get(endpoint, path: str = "/") -> httpx.Response:
    async with client(ErrorShape(Starlette(routes=[Route("/", endpoint)]))) as http:
        return await http.get(path)


async def fine(_: Request) -> Response:
    return PlainTextResponse("fine")


def error_of(response: httpx.Response) -> dict:
    """The error, after a look that nothing is beside it."""
    body = response.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "details", "request_id"]
    assert response.headers["content-type"] == "application/json"
    assert "x-ml-shaped" not in response.headers
    return body["error"]


async def test_plain_404_of_the_framework_gets_the_shape():
    response = await get(fine, "/elsewhere")
    assert response.status_code == 404
    assert error_of(response) == {
        "code": "not_found",
        "message": "There is nothing at this path.",
        "details": [],
        "request_id": "",
    }


async def test_plain_405_keeps_the_allow_header():
    async with client(ErrorShape(Starlette(routes=[Route("/", fine)]))) as http:
        response = await http.post("/")
    assert response.status_code == 405
    assert error_of(response)["code"] == "method_not_allowed"
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_bentoml_validation_body_becomes_details():
    async def refuse(_: Request) -> Response:
        fields = [
            {"loc": ["items", 3, "amount"], "msg": "Field required", "type": "missing", "url": "https://…"},
            {"loc": [], "msg": "Invalid JSON", "type": "json_invalid"},
        ]
        return JSONResponse({"error": "2 validation errors for Request", "detail": fields}, status_code=400)

    response = await get(refuse)
    assert response.status_code == 400
    assert error_of(response)["code"] == "invalid_request"
    assert error_of(response)["details"] == [
        {"field": "items.3.amount", "message": "Field required", "type": "missing"},
        {"field": "body", "message": "Invalid JSON", "type": "json_invalid"},
    ]


@pytest.mark.parametrize("body", ["not JSON", '[{"error": "a list"}]', '{"detail": "text"}', '{"detail": [1]}', ""])
async def test_400_without_fields_has_no_details(body: str):
    async def refuse(_: Request) -> Response:
        return Response(body, status_code=400)

    assert error_of(await get(refuse))["details"] == []


@pytest.mark.parametrize(("theirs", "ours"), [(422, 400), (415, 400), (418, 400), (501, 500), (502, 500), (503, 503)])
async def test_status_outside_the_table_becomes_one_inside(theirs: int, ours: int):
    async def refuse(_: Request) -> Response:
        return PlainTextResponse("secret", status_code=theirs)

    response = await get(refuse)
    assert response.status_code == ours
    assert error_of(response)["code"] == KINDS[ours].code
    assert "secret" not in response.text


async def test_exception_becomes_500_without_its_message():
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("secret")

    async with client(ErrorShape(fail)) as http:
        response = await http.get("/")
    assert response.status_code == 500
    assert error_of(response)["message"] == "Something went wrong on our side."
    assert "secret" not in response.text


async def test_exception_while_an_error_streams_is_one_500():
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError

    sent = Sent()
    await ErrorShape(fail)(http_scope(), incoming([]), sent)
    assert sent.statuses == [500]
    assert b"half" not in sent[-1]["body"]


async def test_exception_after_a_good_start_is_raised_and_starts_nothing():
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("late")

    sent = Sent()
    with pytest.raises(RuntimeError, match="late"):
        await ErrorShape(fail)(http_scope(), incoming([]), sent)
    assert sent.statuses == [200]


async def test_error_body_in_pieces_is_replaced_whole():
    async def pieces(_: Request) -> Response:
        return StreamingResponse(iter([b'{"detail": [{"loc": ["a"],', b' "msg": "m", "type": "t"}]}']), status_code=400)

    assert error_of(await get(pieces))["details"] == [{"field": "a", "message": "m", "type": "t"}]


async def test_good_body_is_passed_on_piece_by_piece():
    async def pieces(_: Request) -> Response:
        return StreamingResponse(iter([b"one", b"two"]))

    sent = Sent()
    await ErrorShape(Starlette(routes=[Route("/", pieces)]))(http_scope(method="GET"), incoming([]), sent)
    assert [message["body"] for message in sent[1:3]] == [b"one", b"two"]


async def test_head_of_an_unknown_path_has_status_and_no_body():
    async with client(ErrorShape(Starlette())) as http:
        response = await http.head("/")
    assert (response.status_code, response.content) == (404, b"")
    assert "x-ml-shaped" not in response.headers


async def test_own_error_passes_as_it_is():
    async def refuse(_: Request) -> Response:
        return ApiError(400, "Not so.", [{"field": "a", "message": "m", "type": "t"}]).response()

    error = error_of(await get(refuse))
    assert (error["message"], error["details"]) == ("Not so.", [{"field": "a", "message": "m", "type": "t"}])


async def test_marker_never_leaves_with_a_good_answer():
    async def marked(_: Request) -> Response:
        return PlainTextResponse("fine", headers={"x-ml-shaped": "1"})

    assert "x-ml-shaped" not in (await get(marked)).headers


@pytest.mark.parametrize("status", KINDS)
async def test_retry_after_stands_where_trying_again_helps(status: int):
    async def refuse(_: Request) -> Response:
        raise HTTPException(status)

    response = await get(refuse)
    assert response.status_code == status
    assert ("retry-after" in response.headers) == (status in {408, 429, 503, 504})


async def test_request_id_in_the_body_is_the_one_in_the_header():
    async with client(Access(ErrorShape(Starlette()), routes=())) as http:
        response = await http.get("/", headers={"x-request-id": "mine-1"})
    assert error_of(response)["request_id"] == response.headers["x-request-id"] == "mine-1"


async def test_other_protocols_pass_untouched():
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await ErrorShape(app)({"type": "lifespan"}, incoming([]), Sent())
    assert seen == ["lifespan"]
