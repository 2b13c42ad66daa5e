"""Request bodies: read once up to a limit, and always taken as JSON."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import ApiError

_LINGER_BYTES = 64 * 2**20
"""Of a body that is refused so much is still taken: most callers read no answer before they have sent everything, and
what arrives at a closed socket takes the answer away from them."""


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
        headers = Headers(scope=scope)
        try:
            body = await self._read(headers, receive)
        except ApiError as error:
            # Who waits for leave to send a body sees the answer instead, and sends none.
            sends_on = error.status == 413 and headers.get("expect", "").lower() != "100-continue"
            return await error.response()(scope, receive, self._lingering(receive, send) if sends_on else send)
        except ClientLeft:
            return None
        rewritten = MutableHeaders(scope=scope)
        rewritten["content-type"] = "application/json"
        rewritten["content-length"] = str(len(body))
        await self.app({**scope, "headers": rewritten.raw}, _replay(body, receive), send)

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

    def _lingering(self, receive: Receive, send: Send) -> Send:
        """Return a `send` that closes an answer, and with it the connection, when the body has been thrown away."""

        async def linger(message: Message) -> None:
            if message["type"] != "http.response.body":
                return await send(message)
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(self.timeout_s):
                    await _discard(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return linger


async def _discard(receive: Receive) -> None:
    left = _LINGER_BYTES
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
