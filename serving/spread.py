"""Connections shared out evenly: processes that accept from one socket leave a connection to who has fewer.

Who wakes first otherwise takes what it finds, and of eight callers all may be with one process while the next idles:
callers keep their connections for long.
"""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from collections.abc import Callable, Collection
from typing import Any

import structlog
import uvicorn.config
import uvloop

from serving.file_answers import shared_file
from serving.tally import Tally

log = structlog.get_logger(__name__)

_LOOK_AGAIN_S = 0.001
_PATIENCE_S = 0.02
"""How long a connection is left to the others."""
_ALONE_S = 1.0
"""How long nothing is left to others who did not take it: they hang, or have died."""
_TCP_INFO = struct.Struct("24xI")
"""The part of Linux's `tcp_info` up to `tcpi_unacked`, which for a listening socket is the length of its queue."""


def spread_connections() -> None:
    """Let uvicorn run in a loop whose servers share a socket evenly."""
    uvicorn.config.LOOP_FACTORIES["auto"] = f"{__name__}:loop_factory"


def loop_factory(use_subprocess: bool = False) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the loop, as uvicorn asks for it."""
    return SpreadingLoop


class SpreadingLoop(uvloop.Loop):
    """uvloop's, but that servers of a given TCP socket are `SharedServer`s."""

    async def create_server(self, protocol_factory: Any, *arguments: Any, **options: Any) -> Any:
        sock = options.get("sock")
        if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return await super().create_server(protocol_factory, *arguments, **options)
        sock.listen(options.get("backlog", 2048))
        tally = Tally(shared_file().with_name(f"connections-{sock.getsockname()[1]}"))
        return SharedServer(self, protocol_factory, sock, tally, options.get("ssl"))


class SharedServer:
    """What `loop.create_server` returns; other processes accept from the same socket.

    Parameters
    ----------
    protocol_factory: makes uvicorn's protocols, which all know the set of those that are connected.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, protocol_factory: Any, sock: socket.socket, tally: Tally, ssl: Any = None
    ) -> None:
        self.sockets = [sock]
        self._loop = loop
        self._factory = protocol_factory
        self._socket = sock
        self._tally = tally
        self._ssl = ssl
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self._connected: Collection[Any] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming = 0
        self._timer: asyncio.TimerHandle | None = None
        self._alone_until = 0.0
        sock.setblocking(False)
        loop.add_reader(sock, self._ready)

    def close(self) -> None:
        """Accept no more; the socket is left open."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._socket)
        self._tally.leave()

    async def wait_closed(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ready(self) -> None:
        self._count()
        now = time.monotonic()
        # Its share of all that wait, at once: the last of many callers would wait for a turn of the loop for each.
        waiting = _waiting(self._socket)
        room = waiting if now < self._alone_until else self._tally.room(waiting)
        if room == 0:
            return self._pause(_LOOK_AGAIN_S, now + _PATIENCE_S)
        while room and self._accept():
            room -= 1

    def _pause(self, seconds: float, until: float) -> None:
        self._loop.remove_reader(self._socket)
        self._timer = self._loop.call_later(seconds, self._look_again, until)

    def _look_again(self, until: float) -> None:
        self._count()
        now = time.monotonic()
        if self._poll.poll(0) and self._tally.room(_waiting(self._socket)) == 0:
            if now < until:
                return self._pause(_LOOK_AGAIN_S, until)
            self._alone_until = now + _ALONE_S
        self._loop.add_reader(self._socket, self._ready)

    def _accept(self) -> bool:
        """Take a connection, and say whether there was one to be had."""
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, ConnectionAbortedError, InterruptedError):
            return False  # there is none, another process has it, or its caller has left
        except OSError as error:  # too many open files, mostly
            log.error("no connection can be accepted", error=type(error).__name__, errno=error.errno)
            self._pause(_ALONE_S, 0.0)
            return False
        connection.setblocking(False)
        task = self._loop.create_task(self._connect(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._coming += 1
        self._count()
        return True

    async def _connect(self, connection: socket.socket) -> None:
        try:
            _, protocol = await self._loop.connect_accepted_socket(self._factory, connection, ssl=self._ssl)
        except OSError:  # its caller has left, or speaks no TLS
            connection.close()
        else:
            self._connected = protocol.connections
            protocol.lost = self._count
        finally:
            self._coming -= 1

    def _count(self) -> None:
        self._tally.set(len(self._connected) + self._coming)


def _waiting(listening: socket.socket) -> int:
    """Return how many connections wait to be accepted, as far as the system tells; 1 at least."""
    if not hasattr(socket, "TCP_INFO"):
        return 1
    told = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    return max(1, _TCP_INFO.unpack(told)[0]) if len(told) == _TCP_INFO.size else 1
