from __future__ import annotations

import asyncio
import json

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

import serving.body
from serving.body import JsonBody
from tests.serving.asgi import Sent, client, echo, http_scope, incoming


def piece(body: bytes, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def send_through(app: JsonBody, messages: list[Message], method: str = "POST", **headers: str) -> Sent:
    sent = Sent()
    await app(http_scope(method=method, **headers), incoming(messages), sent)
    return sent


def small(app=echo, timeout_s: float = 5.0) -> JsonBody:
    return JsonBody(app, max_bytes=10, timeout_s=timeout_s)


def code(sent: Sent) -> str:
    return json.loads(sent[-1]["body"])["error"]["code"]


async def test_body_of_the_limit_arrives_whole():
    sent = await send_through(small(), [piece(b"01234", more=True), piece(b"56789")])
    assert sent[-1]["body"] == b"0123456789"


def closed(sent: Sent) -> bool:
    """Say whether the answer is complete, after which the server closes the connection."""
    return sent[-1]["type"] == "http.response.body" and not sent[-1].get("more_body", False)


def told(sent: Sent) -> str:
    """Return the code of an answer whose body is sent before it is complete."""
    return json.loads(sent[1]["body"])["error"]["code"]


async def test_declared_length_over_the_limit_is_413_before_a_byte_is_read():
    sent = Sent()

    async def read_late() -> Message:
        assert (sent.statuses, told(sent), closed(sent)) == ([413], "body_too_large", False)
        return piece(b"x" * 11)

    await small()(http_scope(content_length="11"), read_late, sent)
    assert closed(sent)


async def test_who_waits_for_leave_to_send_too_much_is_not_waited_for():
    async def unread() -> Message:
        raise AssertionError("the body was asked for")

    sent = Sent()
    await small()(http_scope(content_length="11", expect="100-Continue"), unread, sent)
    assert (sent.statuses, code(sent)) == ([413], "body_too_large")


async def test_rest_of_a_refused_body_is_thrown_away_before_the_connection_closes():
    parts = [piece(b"x" * 11, more=True), piece(b"y", more=True), piece(b"z")]
    receive = incoming(parts)
    sent = Sent()
    await small()(http_scope(), receive, sent)
    assert (sent.statuses, told(sent), closed(sent)) == ([413], "body_too_large", True)
    with pytest.raises(TimeoutError):  # nothing is left
        await asyncio.wait_for(receive(), 0.01)


async def test_undeclared_length_is_counted_piece_by_piece():
    sent = Sent()
    before_the_answer: list[int] = []

    async def long() -> Message:
        if not sent:
            before_the_answer.append(4)
        return piece(b"xxxx", more=not sent)

    await small()(http_scope(), long, sent)
    assert (sent.statuses, sum(before_the_answer)) == ([413], 12)


async def test_endless_body_is_thrown_away_up_to_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serving.body, "_LINGER_BYTES", 100)
    taken: list[int] = []

    async def endless() -> Message:
        taken.append(4)
        return piece(b"xxxx", more=True)

    sent = Sent()
    await small()(http_scope(), endless, sent)
    assert (sent.statuses, closed(sent), sum(taken)) == ([413], True, 12 + 100)


async def test_refused_body_that_stops_on_its_way_is_waited_for_as_long_as_another():
    sent = await send_through(small(timeout_s=0.02), [piece(b"x" * 11, more=True)])
    assert (sent.statuses, closed(sent)) == ([413], True)


@pytest.mark.parametrize(
    "lie",
    [
        *("1", "-5", "ten", "", "1e9"),
        pytest.param("²", id="superscript"),
        pytest.param("9" * 5000, id="5000-digits"),
    ],
)
async def test_false_length_does_not_help_and_does_not_break(lie: str):
    sent = await send_through(small(), [piece(b"x" * 11)], content_length=lie)
    assert sent.statuses == [413]


async def test_too_large_closes_the_connection():
    sent = await send_through(small(), [piece(b"x" * 11)])
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_body_that_does_not_arrive_in_time_is_408():
    sent = await send_through(small(timeout_s=0.02), [piece(b"half", more=True)])
    assert (sent.statuses, code(sent)) == ([408], "request_timeout")
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_time_is_for_the_whole_body_not_for_each_piece():
    async def drip() -> Message:
        await asyncio.sleep(0.02)
        return piece(b"", more=True)

    sent = Sent()
    await asyncio.wait_for(small(timeout_s=0.1)(http_scope(), drip, sent), 5)
    assert sent.statuses == [408]


async def test_answer_may_take_longer_than_the_body():
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await echo(scope, receive, send)

    assert (await send_through(small(slow, timeout_s=0.02), [piece(b"x")])).statuses == [200]


async def test_caller_who_leaves_in_the_middle_gets_no_answer_and_no_call():
    async def unreachable(*_: object) -> None:
        raise AssertionError

    sent = await send_through(small(unreachable), [piece(b"half", more=True), {"type": "http.disconnect"}])
    assert sent == []


async def test_application_still_hears_that_the_caller_left():
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([(await receive())["type"], (await receive())["type"]])

    await send_through(small(app), [piece(b"x"), {"type": "http.disconnect"}])
    assert heard == ["http.request", "http.disconnect"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.bentoml+pickle",
        "text/plain",
        "application/json; charset=latin-1",
    ],
)
async def test_every_content_type_is_parsed_as_json(content_type: str):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        seen = {"type": request.headers["content-type"], "body": await request.json()}
        await JSONResponse(seen)(scope, receive, send)

    async with client(JsonBody(app, max_bytes=100, timeout_s=5)) as http:
        response = await http.post("/", content=b'{"a": 1}', headers={"content-type": content_type})
    assert response.json() == {"type": "application/json", "body": {"a": 1}}


async def test_length_is_that_of_the_body_read():
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"])[b"content-length"].decode()
        await JSONResponse(length)(scope, receive, send)

    sent = await send_through(small(app), [piece(b"12", more=True), piece(b"3")], transfer_encoding="chunked")
    assert sent[-1]["body"] == b'"3"'


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
async def test_other_methods_pass_unread(method: str):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse("unread")(scope, receive, send)

    assert (await send_through(small(app), [], method=method, content_length="99")).statuses == [200]
