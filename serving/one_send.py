"""A response in one send: uvicorn writes its head and its body apart, and the kernel would wake the caller for each."""

from __future__ import annotations

import asyncio
from typing import Any


class OneSend:
    """A transport that keeps back what is written, to send it with what is written next.

    What nothing is written after goes out at the end of the event loop's turn, so that the head of an answer that is
    made piece by piece does not wait for the first piece. All else is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._kept: bytes | None = None

    def write(self, data: bytes) -> None:
        """Send `data` with what is kept, or keep it."""
        if self._kept is None:
            self._kept = data
            self._loop.call_soon(self._send)
        else:
            kept, self._kept = self._kept, None
            self._transport.writelines((kept, data))

    def close(self) -> None:
        """Send what is kept, then close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None and not self._transport.is_closing():
            self._transport.write(kept)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
