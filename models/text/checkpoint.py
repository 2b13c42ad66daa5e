"""What an interrupted training goes on from: kept outside the model store until the model is in it."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

_EVERY_S = 60.0
_FORGOTTEN_AFTER_S = 7 * 86_400.0
"""Nobody comes back to a training after a week; one of a small encoder takes 300 MB."""


class Checkpoint:
    """The state of one training, found again by a digest of all that makes it what it is.

    Parameters
    ----------
    parts: data, settings and first weights. Whatever of them changes makes another training.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256(f"{torch.__version__}\0".encode())
        for part in parts:
            digest.update(hashlib.sha256(part).digest())
        self.file = _folder() / f"{digest.hexdigest()[:32]}.pt"
        self._saved_at = time.monotonic()

    def load(self) -> Mapping[str, Any] | None:
        """Return the state that was saved last, if there is one that can be read."""
        try:
            state: Mapping[str, Any] = torch.load(self.file, map_location="cpu", weights_only=True)
        except Exception:  # there is none, or not as torch wrote it, for which it raises many kinds
            return None
        return state

    @property
    def due(self) -> bool:
        """Whether enough would be lost for a save to be worth its second."""
        return time.monotonic() - self._saved_at >= _EVERY_S

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep `state` in the place of what was kept; a disk without room for it fails no training."""
        unfinished = self.file.with_suffix(f".{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(self.file.parent)
            torch.save(dict(state), unfinished)
            unfinished.replace(self.file)
        except (OSError, RuntimeError) as problem:
            print(f"an interruption would lose this training: {type(problem).__name__}", file=sys.stderr)
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        self._saved_at = time.monotonic()

    def remove(self) -> None:
        """Forget this training: its model is saved."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ml-services" / "training"


def _forget_old(folder: Path) -> None:
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > _FORGOTTEN_AFTER_S:
            file.unlink(missing_ok=True)
