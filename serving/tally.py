"""How many connections each gateway process has, told to all of them."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
from pathlib import Path

_PLACES = 256
_WORD = 8


class Tally:
    """How many connections each process has, in memory that all of them see."""

    def __init__(self, file: Path) -> None:
        with file.open("a+b") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            os.ftruncate(opened.fileno(), 2 * _WORD * _PLACES)
            self._words = memoryview(mmap.mmap(opened.fileno(), 2 * _WORD * _PLACES)).cast("q")
            # A place is a process and its count; those of the dead are taken first.
            self._place = next((at for at in range(_PLACES) if not _alive(self._words[2 * at])), None)
            if self._place is not None:
                self._words[2 * self._place + 1] = 0
                self._words[2 * self._place] = os.getpid()
            fcntl.flock(opened, fcntl.LOCK_UN)  # the map keeps the file open

    def set(self, count: int) -> None:
        if self._place is not None:
            self._words[2 * self._place + 1] = count

    def room(self, waiting: int) -> int:
        """Return how many of `waiting` connections make this process have its even share of all, and a sixteenth."""
        if self._place is None:
            return waiting
        words = self._words.tolist()
        mine = words[2 * self._place + 1]
        counts = [count for process, count in zip(words[::2], words[1::2], strict=True) if process]
        share = math.ceil((sum(counts) + waiting) / len(counts))
        return max(0, share + min(counts) // 16 - mine)

    def leave(self) -> None:
        if self._place is not None:
            self._words[2 * self._place] = 0
            self._place = None


def _alive(process: int) -> bool:
    return process > 0 and Path(f"/proc/{process}").is_dir()
