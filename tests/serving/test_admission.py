from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from serving.admission import Admission
from serving.errors import ErrorShape
from tests.serving.asgi import Sent, client, http_scope, incoming


class Gate:
    """An application whose answers wait until the gate is open."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        try:
            await self.open.wait()
            await PlainTextResponse("fine")(scope, receive, send)
        finally:
            self.inside -= 1

    async def hold(self, http: httpx.AsyncClient, calls: int) -> list[asyncio.Task[httpx.Response]]:
        """Start `calls` and return when all are inside."""
        tasks = [asyncio.create_task(http.get("/")) for _ in range(calls)]
        while self.inside < calls:
            await asyncio.sleep(0)
        return tasks


def limited(app, calls: int = 2, timeout_s: float = 5.0) -> Admission:
    return Admission(app, max_concurrency=calls, timeout_s=timeout_s, open_paths=("/health",))


async def test_one_call_more_is_429_at_once_while_the_others_are_answered():
    gate = Gate()
    async with client(ErrorShape(limited(gate))) as http:
        held = await gate.hold(http, 2)
        refused = await asyncio.wait_for(http.get("/"), 2)
        gate.open.set()
        answers = await asyncio.gather(*held)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "overloaded"
    assert int(refused.headers["retry-after"]) >= 1
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_open_path_is_answered_when_full():
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (PlainTextResponse("well") if scope["path"] == "/health" else gate)(scope, receive, send)

    gate = Gate()
    async with client(limited(app, calls=1)) as http:
        held = await gate.hold(http, 1)
        assert (await http.get("/health")).text == "well"
        gate.open.set()
        await asyncio.gather(*held)


async def test_place_is_free_again_after_an_answer():
    admission = limited(PlainTextResponse("fine"), calls=1)
    async with client(admission) as http:
        assert [(await http.get("/")).status_code for _ in range(3)] == [200, 200, 200]
    assert admission.free == 1


async def test_place_is_free_again_after_an_exception():
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    admission = limited(fail, calls=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await admission(http_scope(), incoming([]), Sent())
    assert admission.free == 1


async def test_place_is_free_again_after_a_cancellation():
    gate = Gate()
    admission = limited(gate, calls=1)
    async with client(admission) as http:
        (held,) = await gate.hold(http, 1)
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
    assert (admission.free, gate.inside) == (1, 0)


async def test_place_is_free_again_after_a_refusal():
    gate = Gate()
    admission = limited(gate, calls=1)
    async with client(admission) as http:
        held = await gate.hold(http, 1)
        for _ in range(3):
            await http.get("/")
        gate.open.set()
        await asyncio.gather(*held)
    assert admission.free == 1


async def test_late_answer_is_504_and_its_work_is_cancelled():
    gate = Gate()
    admission = limited(gate, timeout_s=0.02)
    async with client(ErrorShape(admission)) as http:
        response = await http.get("/")
    assert response.status_code == 504
    assert response.json()["error"]["code"] == "timeout"
    assert "retry-after" in response.headers
    assert (admission.free, gate.inside) == (2, 0)


async def test_timer_dies_with_its_request():
    timers: list[asyncio.TimerHandle] = []
    loop = asyncio.get_running_loop()
    call_at = loop.call_at

    def recorded(*args, **keywords):
        timers.append(call_at(*args, **keywords))
        return timers[-1]

    loop.call_at = recorded  # type: ignore[method-assign]
    await limited(PlainTextResponse("fine"), timeout_s=3600)(http_scope(), incoming([]), Sent())
    assert timers
    assert all(timer.cancelled() for timer in timers)


async def test_deadline_after_the_answer_began_adds_no_second_answer():
    async def stall(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    sent = Sent()
    with pytest.raises(TimeoutError):
        await limited(stall, timeout_s=0.02)(http_scope(), incoming([]), sent)
    assert sent.statuses == [200]
