"""One line for each item of a runner's call, under the ids of the item's own request."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from starlette.types import Message, Receive, Scope, Send

import runners.access
from models.correlation import Correlation, read, written
from runners.access import RunnerAccess, tell_embedded
from serving.request_context import RequestInfo, carry

FIRST, SECOND = Correlation("browser-1", "a" * 32, "b" * 16), Correlation("browser-2", "c" * 32, "d" * 16)


async def lines(*headers: tuple[bytes, bytes]) -> list[dict[str, Any]]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def nothing() -> Message:
        raise AssertionError("unread")

    async def sink(_: Message) -> None: ...

    with structlog.testing.capture_logs() as captured:
        await RunnerAccess(app, model="told")({"type": "http", "headers": list(headers)}, nothing, sink)
    return [dict(line) for line in captured]


async def test_each_request_of_a_call_has_its_line() -> None:
    header = (b"baggage", f"requests={quote(written([FIRST, SECOND]))}".encode())
    found = await lines(header)
    assert [(line["request_id"], line["trace_id"], line["span_id"]) for line in found] == [
        (each.request_id, each.trace_id, each.span_id) for each in (FIRST, SECOND)
    ]
    assert {(line["event"], line["model"], line["items"]) for line in found} == {("answered", "told", 2)}
    assert all(line["duration_ms"] >= 0 for line in found)


@pytest.mark.parametrize(("level", "told"), [(logging.DEBUG, ["browser-1", "browser-2"]), (logging.INFO, [])])
async def test_a_call_in_the_gateway_s_process_has_them_for_those_who_debug(
    level: int, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(RequestInfo(each.request_id, each.trace_id, each.span_id) for each in (FIRST, SECOND))
    bound = structlog.make_filtering_bound_logger(level)
    monkeypatch.setattr(runners.access, "log", structlog.wrap_logger(structlog.PrintLogger(), wrapper_class=bound))
    with structlog.testing.capture_logs() as captured:
        tell_embedded("told", time.perf_counter())
    assert [line["request_id"] for line in captured] == told
    for line in captured:
        assert (line["event"], line["model"], line["items"], line["log_level"]) == ("answered", "told", 2, "debug")


async def test_a_call_for_nobody_has_no_line() -> None:
    assert await lines() == []


@pytest.mark.parametrize("text", ["", "requests=", "requests", "requests=a~b", "other=a~b~c", "=,=;~~", "requests=%"])
def test_foreign_baggage_is_left_out(text: str) -> None:
    assert read(text) == []


def test_what_is_written_is_read() -> None:
    assert read(f"x=1,requests={quote(written([FIRST, SECOND]))}") == [FIRST, SECOND]
