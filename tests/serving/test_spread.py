"""Servers that accept from one socket, in one loop: what counts connections is the same as between processes."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
import uvicorn.config

from serving.connections import guard_connections
from serving.file_answers import shared_file
from serving.spread import SpreadingLoop, spread_connections
from serving.tally import Tally
from tests.serving.asgi import echo

REQUEST = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 2\r\n\r\nhi"


@pytest.fixture
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            return SpreadingLoop()

    return Policy()


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    monkeypatch.setenv("_ML_SERVICES_ANSWERS", str(tmp_path / "answers.sqlite"))
    monkeypatch.setattr(uvicorn.config, "HTTP_PROTOCOLS", dict(uvicorn.config.HTTP_PROTOCOLS))
    monkeypatch.setattr(uvicorn.config, "LOOP_FACTORIES", dict(uvicorn.config.LOOP_FACTORIES))
    guard_connections(5.0)
    spread_connections()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
async def servers(listening: socket.socket) -> AsyncIterator[list[uvicorn.Server]]:
    servers = [await serving(listening) for _ in range(3)]
    yield servers
    for server in servers:
        await server.shutdown()


async def serving(listening: socket.socket) -> uvicorn.Server:
    config = uvicorn.Config(echo, log_config=None, lifespan="off")
    assert config.get_loop_factory() is SpreadingLoop
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening.dup()])
    return server


async def connected(listening: socket.socket, number: int) -> list[asyncio.StreamWriter]:
    """Return connections, each of which was answered once."""
    opened = [await asyncio.open_connection(*listening.getsockname()) for _ in range(number)]
    for reader, writer in opened:
        writer.write(REQUEST)
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).startswith(b"HTTP/1.1 200")
    return [writer for _, writer in opened]


async def test_many_that_come_at_once_are_shared_out_before_anyone_is_answered(
    listening: socket.socket, servers: list[uvicorn.Server]
):
    """Connected while no server could look, as by a caller that opens all its connections at once."""
    callers = [socket.create_connection(listening.getsockname()) for _ in range(60)]
    while sum(counted := [len(server.server_state.connections) for server in servers]) < 60:
        await asyncio.sleep(0)
    assert max(counted) - min(counted) <= 2
    for each in callers:
        each.close()


async def test_each_server_gets_its_share(listening: socket.socket, servers: list[uvicorn.Server]):
    callers = await connected(listening, 24)

    shares = [len(server.server_state.connections) for server in servers]
    assert sum(shares) == 24
    assert max(shares) - min(shares) <= 2

    # Those of one server leave, and the next ones are for it.
    for connection in list(servers[0].server_state.connections):
        connection.transport.close()
    await asyncio.sleep(0.1)
    more = await connected(listening, 6)
    assert len(servers[0].server_state.connections) >= 5

    for writer in (*callers, *more):
        writer.close()


async def test_a_process_that_takes_none_keeps_no_caller_waiting(
    listening: socket.socket, servers: list[uvicorn.Server]
):
    hung = Tally(shared_file().with_name(f"connections-{listening.getsockname()[1]}"))

    callers = await connected(listening, 30)

    assert sum(len(server.server_state.connections) for server in servers) == 30
    hung.leave()
    for writer in callers:
        writer.close()


async def test_a_server_that_ends_is_counted_no_more(listening: socket.socket, servers: list[uvicorn.Server]):
    await servers[0].shutdown()

    callers = await connected(listening, 12)

    assert [len(server.server_state.connections) for server in servers[1:]] == [6, 6]
    for writer in callers:
        writer.close()


def test_the_place_of_a_dead_process_is_taken(tmp_path: Path):
    file = tmp_path / "connections"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        Tally(file).set(0)
        os.write(write, b"x")
        os._exit(0)
    os.read(read, 1)
    os.waitpid(child, 0)

    alone = Tally(file)
    alone.set(5)

    assert alone.room(3) == 3
    other = Tally(file)
    assert (alone.room(3), other.room(3)) == (0, 4)
    other.set(5)
    assert (alone.room(3), other.room(3)) == (2, 2)
