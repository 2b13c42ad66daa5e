"""How the tests of this room talk to a small ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def client(app: ASGIApp) -> httpx.AsyncClient:
    """Return a client of `app`; an exception that leaves `app` becomes an empty 500, as behind a real server."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://service"
    )


def http_scope(path: str = "/", method: str = "POST", **headers: str) -> Scope:
    """Return the scope of one request; `content_length="3"` becomes the header `content-length`."""
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw}


def incoming(messages: Iterable[Message]) -> Receive:
    """Return a `receive` that gives `messages`, one a call, and then waits as an open connection does."""
    rest = iter(messages)

    async def receive() -> Message:
        for message in rest:
            return message
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return receive


class Sent(list[Message]):
    """A `send` that keeps what was sent."""

    async def __call__(self, message: Message) -> None:
        self.append(message)

    @property
    def statuses(self) -> list[int]:
        return [message["status"] for message in self if message["type"] == "http.response.start"]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 with the body that came in, whole."""
    body, more = b"", True
    while more:
        message: dict[str, Any] = dict(await receive())
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})
