"""Callers who mean no good, or have bad luck."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections import Counter

import httpx
import psutil
import pytest

from tests.faults.conftest import wait_until
from tests.faults.load import calls_of, one
from tests.faults.record import Record
from tests.served import Served
from tests.server.shape import error_of, fresh_query

pytestmark = pytest.mark.faults

LORIS = 1000
LEAVERS = 1000


def memory(server: Served) -> int:
    return sum(worker.memory_info().rss for worker in server.workers("ml_services"))


def in_flight(server: Served) -> float:
    """Return how many requests are being answered, but for this one."""
    lines = server.client.get("/metrics").text.splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("ml_http_requests_in_flight")) - 1


async def latencies(server: Served, calls: int = 40) -> list[float]:
    """Return how long calls take one after the other, the quickest first; each must be answered rightly."""
    wrong: list[str] = []
    seconds = []
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        for call in [next(calls_of("intent")) for _ in range(calls)]:
            started = time.monotonic()
            assert await one(http, call, wrong) == "200"
            seconds.append(time.monotonic() - started)
    assert wrong == []
    return sorted(seconds)


def ms(seconds: list[float]) -> str:
    return f"{seconds[len(seconds) // 2] * 1000:.0f} ms"


async def test_slow_loris(served: Served):
    """Connections that send a line a second and never a whole head."""
    before = await latencies(served)
    connections = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", served.port) for _ in range(LORIS)))
    for _, writer in connections:
        writer.write(b"POST /v1/predict/intent HTTP/1.1\r\nhost: here\r\n")
    opened = time.monotonic()
    during = await latencies(served)
    answers = await asyncio.gather(*(asyncio.wait_for(reader.read(), 300) for reader, _ in connections))
    closed_after = time.monotonic() - opened
    for _, writer in connections:
        writer.close()
    Record(
        40,
        "slow loris",
        f"{LORIS:,} connections with half a head each",
        f"none: a call takes {ms(during)} among them, {ms(before)} without (median)",
        f"all closed after {closed_after:.1f} s",
        "408, and the connection closed, for who is slow; nothing for the others",
    ).keep()
    assert Counter(answer[:12] for answer in answers) == {b"HTTP/1.1 408": LORIS}
    assert {json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]["code"] for answer in answers} == {"request_timeout"}


FETCH = """
const [url, size] = process.argv.slice(1)
const body = Buffer.alloc(Number(size), 97)
const send = () => fetch(url, {method: 'POST', body}).then(answer => answer.status, () => 'no answer')
Promise.all(Array.from({length: 5}, send)).then(told => console.log(JSON.stringify(told)))
"""


async def fetched(url: str, size: int) -> list[int | str]:
    """Return what five callers in Node are told whose bodies are of that size; none where there is no Node."""
    node = shutil.which("node")
    if node is None:
        return []
    process = await asyncio.create_subprocess_exec(node, "-e", FETCH, url, str(size), stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    told: list[int | str] = json.loads(output)
    return told


async def test_bodies_of_30_mb(served: Served):
    """As many at once as would be 600 MB in memory if they were kept."""
    body = b'{"query": "' + b"a" * 30_000_000 + b'"}'
    before = memory(served)
    statuses: Counter[int | str] = Counter()
    async with httpx.AsyncClient(base_url=served.url, timeout=120) as http:

        async def send(chunked: bool) -> None:
            async def parts():
                for start in range(0, len(body), 1 << 16):
                    yield body[start : start + (1 << 16)]

            try:
                response = await http.post("/v1/predict/intent", content=parts() if chunked else body)
            except httpx.TransportError:  # closed while the body was on its way
                statuses["no answer"] += 1
            else:
                error_of(response, 413)
                statuses[413] += 1

        await asyncio.gather(*(send(chunked=number % 2 == 1) for number in range(20)))
    in_node = Counter(await fetched(f"{served.url}/v1/predict/intent", len(body)))
    grown = (memory(served) - before) / 2**20
    seen = ", ".join(f"{count} × {what}" for what, count in statuses.items())
    await latencies(served, calls=5)
    Record(
        41,
        "bodies of 30 MB",
        "20 at once, half of them without a length",
        f"none; the gateways grow by {max(0.0, grown):.0f} MiB",
        "at once",
        f"413, also who reads no answer before the whole body is sent: {seen}",
    ).keep()
    assert set(statuses) == {413}
    assert set(in_node) <= {413}
    assert grown < 20 * 30


async def test_callers_who_leave_in_mid_flight(served: Served):
    before = memory(served)

    async def leave() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        body = json.dumps({"query": fresh_query()}).encode()
        head = f"POST /v1/predict/intent HTTP/1.1\r\nhost: h\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        writer.write(head + body)
        await writer.drain()
        writer.transport.abort()
        reader.feed_eof()

    for _ in range(LEAVERS // 50):
        await asyncio.gather(*(leave() for _ in range(50)))
    left = time.monotonic()
    wait_until(lambda: in_flight(served) == 0)
    free_after = time.monotonic() - left
    await latencies(served, calls=5)
    Record(
        42,
        "callers who leave",
        f"{LEAVERS:,} connections broken in mid-flight",
        f"none; the gateways grow by {max(0, memory(served) - before) / 2**20:.0f} MiB",
        f"every place is free again after {free_after:.1f} s",
        "nothing",
    ).keep()


async def test_poisoned_item_in_a_batch_of_64(sabotaged: Served):
    """The model raises for one query of 64 that come at once."""
    async with httpx.AsyncClient(base_url=sabotaged.url, timeout=120) as http:
        queries = ["sabotage" if number == 31 else fresh_query() for number in range(64)]
        calls = (http.post("/v1/predict/intent", json={"query": query}) for query in queries)
        responses = await asyncio.gather(*calls)
    statuses = Counter(response.status_code for response in responses)
    Record(
        43,
        "a poisoned item",
        "one query of 64 at once makes the model raise",
        f"{statuses[500]} × 500, {statuses[200]} × 200",
        "at once",
        "500 for who sent it; the others of its batch are answered",
    ).keep()
    error_of(responses[31], 500)
    assert statuses == {200: 63, 500: 1}


def test_the_server_is_as_it_was(served: Served):
    assert served.client.get("/health").json()["status"] == "ok"
    assert all(psutil.pid_exists(worker.pid) for worker in served.workers("ml_services"))
