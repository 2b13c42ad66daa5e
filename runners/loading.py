"""Of the processes of a service that start together, one at a time loads its model.

All have loaded no later than they would side by side, for they would share the processors, and the first is ready in a
fraction of the time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runners.heartbeat import FOLDER
from runners.locks import taken

_PATIENCE_S = 30.0
"""For one that hangs while it loads; it is not worth waiting for any longer."""
_ASK_EVERY_S = 0.05


@contextmanager
def loading(service: str, told_to_end: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Wait until no other process of `service`, of the same parent, is in here; not if told to end meanwhile."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        yield
        return
    with (Path(folder) / f"{service}.loading").open("w") as lock:  # the kernel takes it from whoever dies
        deadline = time.monotonic() + _PATIENCE_S
        while not (taken(lock.fileno()) or told_to_end()) and time.monotonic() < deadline:
            time.sleep(_ASK_EVERY_S)
        yield
