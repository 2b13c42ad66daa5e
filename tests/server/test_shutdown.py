from __future__ import annotations

import asyncio
import signal
import time

import httpx
import psutil

from tests.served import Served, ServedFactory

CALLS = 24


async def ask_until_stopped(server: Served) -> list[httpx.Response]:
    """Ask long questions all at once, and send SIGTERM when the first is answered."""
    limits = httpx.Limits(max_connections=CALLS)
    async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as http:
        queries = [f"{number} what about my savings account and my card " * 5 for number in range(CALLS)]
        calls = [asyncio.create_task(http.post("/v1/predict/intent", json={"query": query})) for query in queries]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        server.process.send_signal(signal.SIGTERM)
        return await asyncio.gather(*calls)


def test_sigterm_lets_calls_in_flight_finish_and_ends_every_process(serve: ServedFactory):
    server = serve(ML_TIMEOUT_S="60", ML_DRAIN_S="120")
    processes = psutil.Process(server.process.pid).children(recursive=True)
    responses = asyncio.run(ask_until_stopped(server))
    assert [response.status_code for response in responses] == [200] * CALLS
    assert server.process.wait(30) == 0
    gone, alive = psutil.wait_procs(processes, timeout=10)
    assert (len(gone), alive) == (len(processes), [])


def test_idle_server_ends_soon_after_sigterm_and_without_an_error(serve: ServedFactory):
    server = serve()
    server.ask("hello")
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0
    assert time.monotonic() - started < 15
    assert [line for line in server.log() if line["level"] in {"error", "critical"}] == []
