"""Which of a runner's processes answers: one does, and another waits at the ready, with its model loaded.

The one that answers holds a lock, which the kernel takes from whoever dies: the other has it within milliseconds. The
socket is its parent's, so that calls wait in it meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

from runners.locks import taken

log = structlog.get_logger(__name__)

LOCK = "STANDBY_LOCK"
"""The variable that tells a process which file to lock before it takes calls; without it, it takes them at once."""
_ASK_EVERY_S = 0.02


async def turn() -> int | None:
    """Return when it is this process's turn to take calls, with the lock; it is kept until the process ends."""
    file = os.environ.get(LOCK)
    if file is None:
        return None
    lock = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    if taken(lock):
        return lock
    log.info("process is at the ready", pid=os.getpid())
    with _ends_when_told():
        while not taken(lock):
            await asyncio.sleep(_ASK_EVERY_S)
    log.warning("process takes over", pid=os.getpid())
    return lock


@contextmanager
def _ends_when_told() -> Iterator[None]:
    """Let SIGTERM end the process at once: a server hears it only when it has started, and this one has no calls."""
    before = {each: signal.signal(each, _end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end(number: int, frame: FrameType | None) -> None:
    os._exit(0)
