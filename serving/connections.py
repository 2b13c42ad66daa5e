"""Connections before they are requests: how long a head may take, and what one that is no HTTP is answered."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from contextvars import copy_context
from typing import cast

import uvicorn.config
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from serving.errors import ApiError
from serving.one_send import OneSend
from serving.request_context import begin

_DESCRIPTORS = 65_536


def guard_connections(timeout_s: float) -> None:
    """Let uvicorn take connections with `GuardedProtocol`, and as many as the system allows this process."""

    class Protocol(GuardedProtocol):
        head_timeout_s = timeout_s

    uvicorn.config.HTTP_PROTOCOLS["auto"] = Protocol  # type: ignore[assignment]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's, but that a request's head must arrive in time, and that its own errors have the one shape.

    uvicorn waits for a head for ever: whoever sends one byte a minute on each of many connections has them all.
    """

    head_timeout_s: float
    lost: Callable[[], None] | None = None
    """Called when the connection is gone."""
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, OneSend(transport, self.loop))
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)
        if self.lost is not None:
            self.lost()

    def on_message_begin(self) -> None:
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_is_there()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; `msg` says no more than that."""
        self._refuse(400)

    def _expect_head(self) -> None:
        self._head_is_there()
        self._head_timer = self.loop.call_later(self.head_timeout_s, self._refuse, 408)

    def _head_is_there(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: int) -> None:
        self._head_is_there()
        if not self.transport.is_closing():
            # In a context of its own: the connection's next callbacks are no part of this request.
            self.transport.write(copy_context().run(_refusal, status))
            self.transport.close()


def _refusal(status: int) -> bytes:
    info = begin({})
    response: Response = ApiError(status, headers={"connection": "close", "x-request-id": info.request_id}).response()
    del response.headers["x-ml-shaped"]
    head = b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
    return STATUS_LINE[status] + head + b"\r\n" + bytes(response.body)
