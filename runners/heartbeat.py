"""How a process shows that it is alive, and how its parent reads that."""

from __future__ import annotations

import asyncio
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = "HEARTBEATS"
"""The variable that tells a process where to write its own."""
PERIOD_S = 1.0
STUCK_S = 2.0
"""A call that takes longer takes the heartbeat away."""
_BEAT = struct.Struct("<3d")
_at_work: dict[int, float] = {}


@dataclass(frozen=True)
class Pulse:
    """What the kernel says of a process's main thread, at a time on the monotonic clock; all in seconds.

    Parameters
    ----------
    worked: on a processor. waited: ready to, while others had the processors.
    """

    at: float
    worked: float
    waited: float

    @classmethod
    def of(cls, process: int | str = "self") -> Pulse:
        """Return that of a process now; a kernel that does not count (`/proc/<pid>/schedstat`) gives zeros.

        Raises
        ------
        ProcessLookupError: it is gone.
        """
        try:
            worked, waited, _ = Path(f"/proc/{process}/schedstat").read_text().split()
        except (FileNotFoundError, ValueError):
            if not Path(f"/proc/{process}").is_dir():
                raise ProcessLookupError(process) from None
            worked = waited = "0"
        return cls(time.monotonic(), int(worked) / 1e9, int(waited) / 1e9)


@contextmanager
def working() -> Iterator[None]:
    """Mark a thread's call as work that ends soon: one that does not is a sign that this process hangs."""
    thread = threading.get_ident()
    _at_work[thread] = time.monotonic()
    try:
        yield
    finally:
        del _at_work[thread]


@contextmanager
def heartbeat() -> Iterator[None]:
    """Let the event loop of this process beat, where a parent wants to know."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        yield
        return
    file = Path(folder) / str(os.getpid())
    beating = asyncio.get_running_loop().create_task(_beat(file))
    try:
        yield
    finally:
        beating.cancel()
        file.unlink(missing_ok=True)


async def _beat(file: Path) -> None:
    handle = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        while True:
            pulse = Pulse.of()
            if all(pulse.at - since < STUCK_S for since in list(_at_work.values())):
                os.pwrite(handle, _BEAT.pack(pulse.at, pulse.worked, pulse.waited), 0)  # in place: a full disk lets it
            await asyncio.sleep(PERIOD_S)
    finally:
        os.close(handle)


def last_beat(folder: Path, pid: int) -> Pulse | None:
    """Return the pulse at the last beat of a process, None before its first and after its last."""
    try:
        return Pulse(*_BEAT.unpack((folder / str(pid)).read_bytes()))
    except (FileNotFoundError, struct.error):
        return None


def silence(beat: Pulse, now: Pulse, runnable: bool, awake_since: float) -> float:
    """Return for how many seconds a process could have beaten and did not.

    The time that it waited for a processor does not count, for on a machine with too much to do everyone is late; a
    process that is waiting at this moment has not been told how long, so that only its work counts. Nor does the time
    before `awake_since`, when the parent itself stood still, as in a paused container.
    """
    since = max(beat.at, awake_since)
    if runnable:
        return min(now.at - since, now.worked - beat.worked)
    return now.at - since - (now.waited - beat.waited)
