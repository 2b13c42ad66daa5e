"""Raw bytes to a real uvicorn, as BentoML configures it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import uvicorn
import uvicorn.config

from serving.connections import guard_connections
from tests.serving.asgi import echo

TIMEOUT_S = 0.5
REQUEST = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 2\r\n\r\nhi"


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(uvicorn.config, "HTTP_PROTOCOLS", dict(uvicorn.config.HTTP_PROTOCOLS))
    guard_connections(TIMEOUT_S)
    server = uvicorn.Server(uvicorn.Config(echo, port=0, log_config=None, lifespan="off", server_header=False))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


async def talk(port: int, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """Send parts, each after a pause, and return all that is answered until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = asyncio.ensure_future(reader.read())
    for part in parts:
        if not answered.done():
            writer.write(part)
            await asyncio.sleep(pause_s)
    answer = await asyncio.wait_for(answered, 30)
    writer.close()
    return answer


def error_of(answer: bytes) -> tuple[int, str]:
    head, body = answer.split(b"\r\n\r\n", 1)
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    error = json.loads(body)["error"]
    assert list(error) == ["code", "message", "details", "request_id"]
    assert error["request_id"] == headers["x-request-id"] != ""
    assert headers["connection"] == "close"
    assert "x-ml-shaped" not in headers
    return int(status.split()[1]), error["code"]


@pytest.mark.parametrize("begun", [b"", b"P", b"POST / HTTP/1.1\r\nhost: here\r\n"], ids=["nothing", "a byte", "lines"])
async def test_head_that_does_not_arrive_is_408_in_the_one_shape(port: int, begun: bytes):
    assert error_of(await talk(port, begun)) == (408, "request_timeout")


async def test_head_that_drips_is_no_better(port: int):
    drops = [bytes([byte]) for byte in b"POST / HTTP/1.1\r\n"]
    assert error_of(await talk(port, *drops, pause_s=TIMEOUT_S / 8)) == (408, "request_timeout")


async def test_second_head_on_a_connection_must_arrive_too(port: int):
    answer = await talk(port, REQUEST, b"POST / HT", pause_s=0.1)
    first, version, second = answer.rpartition(b"HTTP/1.1 ")
    assert first.startswith(b"HTTP/1.1 200")
    assert error_of(version + second)[0] == 408


async def test_what_is_no_http_is_400_in_the_one_shape(port: int):
    assert error_of(await talk(port, b"\x16\x03\x01\x02\x00\r\n\r\n")) == (400, "invalid_request")


async def test_body_may_take_longer_than_a_head(port: int):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST[:-2])
    await asyncio.sleep(TIMEOUT_S * 2)
    writer.write(b"hi")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_connection_that_leaves_early_leaves_no_timer(port: int, caplog: pytest.LogCaptureFixture):
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST")
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(TIMEOUT_S * 2)
    assert caplog.records == []
