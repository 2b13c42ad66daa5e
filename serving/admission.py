"""How many calls are let in at once, and how long each may take."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import ApiError


class Admission:
    """Answers 429 at once when full, and 504 when an answer is not ready in time.

    The deadline's timer dies with its request, unlike that of BentoML's own middleware, which lives on for
    the whole timeout and holds the request's memory.
    """

    def __init__(self, app: ASGIApp, max_concurrency: int, timeout_s: float, open_paths: Collection[str]) -> None:
        self.app = app
        self.free = max_concurrency
        self.timeout_s = timeout_s
        self.open_paths = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self.open_paths:
            return await self.app(scope, receive, send)
        if self.free <= 0:
            return await ApiError(429).response()(scope, receive, send)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        self.free -= 1
        try:
            async with asyncio.timeout(self.timeout_s):
                await self.app(scope, receive, watched)
        except TimeoutError:
            if started:
                raise
            await ApiError(504).response()(scope, receive, send)
        finally:
            self.free += 1
