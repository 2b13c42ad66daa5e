"""A real connection, of which every send is noted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from serving.one_send import OneSend


class Noting(socket.socket):
    """A socket that notes what each call to the kernel sends."""

    def __init__(self, own: socket.socket, sent: list[bytes]) -> None:
        super().__init__(fileno=own.detach())
        self.setblocking(False)
        self.sent = sent

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]
        self.sent.append(bytes(data))
        return super().send(data, flags)

    def sendmsg(self, buffers: list[bytes], *rest: object) -> int:  # type: ignore[override]
        return self.send(b"".join(buffers))


def head_and_body(transport: OneSend) -> None:
    transport.write(b"head ")
    transport.write(b"body")


def head_alone(transport: OneSend) -> None:
    transport.write(b"head ")


def two_answers(transport: OneSend) -> None:
    head_and_body(transport)
    head_and_body(transport)


def head_and_end(transport: OneSend) -> None:
    transport.write(b"head ")
    transport.close()


def three_pieces(transport: OneSend) -> None:
    head_and_body(transport)
    transport.write(b" more")


@pytest.mark.parametrize(
    ("say", "sends"),
    [
        (head_and_body, [b"head body"]),
        (head_alone, [b"head "]),
        (two_answers, [b"head body", b"head body"]),
        (head_and_end, [b"head "]),
        (three_pieces, [b"head body", b" more"]),
    ],
)
async def test_what_is_written_together_is_sent_at_once(say: Callable[[OneSend], None], sends: list[bytes]):
    ours, theirs = socket.socketpair()
    sent: list[bytes] = []
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=Noting(ours, sent))
    say(OneSend(transport, loop))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent == sends
    transport.close()
    theirs.settimeout(5)
    assert await asyncio.to_thread(theirs.recv, 100) == b"".join(sends)
    theirs.close()


async def test_nothing_is_written_to_a_connection_that_is_gone():
    ours, theirs = socket.socketpair()
    sent: list[bytes] = []
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=Noting(ours, sent))
    wrapped = OneSend(transport, loop)
    wrapped.write(b"head ")
    transport.abort()
    await asyncio.sleep(0)
    assert wrapped.is_closing()
    assert sent == []
    theirs.close()
