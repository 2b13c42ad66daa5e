"""No garbage is collected while libraries and models are loaded, for there is none: it is a tenth of a start."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Load in here what lives as long as its process; the collector never walks through it later either."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
