"""A lock on a file, which the kernel takes from whoever dies."""

from __future__ import annotations

import fcntl


def taken(lock: int) -> bool:
    """Take the lock of an open file, and say whether that was possible: another process may have it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
