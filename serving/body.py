"""Request bodies: read once up to a limit, and always taken as JSON."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import ApiError


class ClientLeft(Exception):
    """The caller closed the connection before the body was complete."""


class JsonBody:
    """Reads the body before anything else is done for the request.

    So a slow or endless body costs no place among the calls in flight, and what the framework would read as a
    form, or download from an address inside one, is parsed as the JSON that the contract asks for.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, timeout_s: float) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        try:
            body = await self._read(Headers(scope=scope), receive)
        except ApiError as error:
            return await error.response()(scope, receive, send)
        except ClientLeft:
            return None
        headers = MutableHeaders(scope=scope)
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        await self.app({**scope, "headers": headers.raw}, _replay(body, receive), send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes:
        declared = headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > self.max_bytes):
            raise ApiError(413, headers={"connection": "close"})
        body = bytearray()
        try:
            async with asyncio.timeout(self.timeout_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientLeft
                    body.extend(message.get("body", b""))
                    if len(body) > self.max_bytes:
                        raise ApiError(413, headers={"connection": "close"})
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise ApiError(408, headers={"connection": "close"}) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
