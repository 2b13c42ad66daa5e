from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from serving.access import Access
from serving.request_context import current
from tests.serving.asgi import Sent, client, http_scope, incoming

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
FINE = PlainTextResponse("fine")


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs() as captured:
        yield captured


def answered(route: str, method: str = "GET", status: str = "200") -> float:
    labels = {"route": route, "method": method, "status": status}
    return REGISTRY.get_sample_value("ml_http_requests_total", labels) or 0.0


@pytest.mark.parametrize("given", ["abc", "a.b:c-d_1", "x" * 128])
async def test_sound_request_id_is_kept(given: str):
    async with client(Access(FINE, routes=())) as http:
        response = await http.get("/", headers={"x-request-id": given})
    assert response.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "<script>", "a\tb", "é"])
async def test_unsound_request_id_is_replaced(given: str):
    async with client(Access(FINE, routes=())) as http:
        response = await http.get("/", headers={"x-request-id": given.encode()})
    assert response.headers["x-request-id"] != given
    assert len(response.headers["x-request-id"]) == 36


async def test_request_id_of_the_application_is_overwritten():
    async with client(Access(PlainTextResponse("", headers={"x-request-id": "theirs"}), routes=())) as http:
        response = await http.get("/", headers={"x-request-id": "mine"})
    assert response.headers.get_list("x-request-id") == ["mine"]


async def test_traceparent_is_honoured(lines: list[Any]):
    async with client(Access(FINE, routes=())) as http:
        await http.get("/", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    assert lines[0]["trace_id"] == TRACE
    assert lines[0]["span_id"] != "00f067aa0ba902b7"


@pytest.mark.parametrize("garbage", ["", "nonsense", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{TRACE}-short-01"])
async def test_garbage_for_a_traceparent_is_ignored(garbage: str, lines: list[Any]):
    async with client(Access(FINE, routes=())) as http:
        response = await http.get("/", headers={"traceparent": garbage})
    assert response.status_code == 200
    assert len(lines[0]["trace_id"]) == 32
    assert lines[0]["trace_id"] not in {TRACE, "0" * 32}


async def test_unknown_paths_share_one_label(lines: list[Any]):
    before = answered("unknown")
    async with client(Access(FINE, routes=("/known",))) as http:
        for path in ("/a", "/users/4242424242424242"):
            await http.get(path)
    assert answered("unknown") == before + 2
    assert {line["path"] for line in lines} == {"unknown"}
    assert "4242424242424242" not in str(lines)


async def test_known_path_is_its_own_label(lines: list[Any]):
    before = answered("/known")
    async with client(Access(FINE, routes=("/known",))) as http:
        await http.get("/known?secret=1")
    assert answered("/known") == before + 1
    assert lines[0]["path"] == "/known"


async def test_unknown_methods_share_one_label():
    before = answered("/known", method="other")
    async with client(Access(FINE, routes=("/known",))) as http:
        await http.request("BREW", "/known")
    assert answered("/known", method="other") == before + 1


async def test_line_has_these_fields_and_no_others(lines: list[Any]):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        info = current()
        assert info is not None
        info.model, info.user = "intent:v1", "a1b2"
        await FINE(scope, receive, send)

    async with client(Access(app, routes=("/known",))) as http:
        response = await http.get("/known", headers={"authorization": "Bearer secret"})
    (line,) = lines
    assert line.pop("duration_ms") >= 0
    assert (len(line.pop("trace_id")), len(line.pop("span_id"))) == (32, 16)
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/known",
        "status": 200,
        "model": "intent:v1",
        "user": "a1b2",
        "request_id": response.headers["x-request-id"],
    }


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/metrics"])
async def test_good_probe_is_logged_at_debug_only(path: str, lines: list[Any]):
    async with client(Access(FINE, routes=(path,))) as http:
        await http.get(path)
    assert [line["log_level"] for line in lines] == ["debug"]


async def test_failing_probe_is_logged(lines: list[Any]):
    async with client(Access(PlainTextResponse("", status_code=503), routes=("/readyz",))) as http:
        await http.get("/readyz")
    assert [line["log_level"] for line in lines] == ["info"]


async def test_caller_who_leaves_is_written_as_499(lines: list[Any]):
    async def hang(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(Access(hang, routes=())(http_scope(), incoming([]), Sent()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [line["status"] for line in lines] == [499]


async def test_nothing_is_in_flight_afterwards():
    def in_flight() -> float:
        return REGISTRY.get_sample_value("ml_http_requests_in_flight") or 0.0

    during: list[float] = []

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        during.append(in_flight())
        raise RuntimeError

    before = in_flight()
    async with client(Access(fail, routes=())) as http:
        await http.get("/")
    assert during == [before + 1]
    assert in_flight() == before


async def test_concurrent_requests_keep_their_own_ids():
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.01)
        info = current()
        assert info is not None
        await PlainTextResponse(info.request_id)(scope, receive, send)

    async with client(Access(slow, routes=())) as http:
        ids = [f"id-{number}" for number in range(20)]
        responses = await asyncio.gather(*(http.get("/", headers={"x-request-id": own}) for own in ids))
    assert [response.text for response in responses] == ids
