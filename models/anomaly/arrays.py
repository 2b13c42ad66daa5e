"""Fitted parts, which are dataclasses of arrays, in one `.npz` file: no pickle, so reading one runs no code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class Part(Protocol):
    """Something fitted."""

    def arrays(self) -> dict[str, npt.NDArray[Any]]: ...


def save_parts(file: Path, parts: Mapping[str, Part]) -> None:
    """Write parts by their names."""
    named: dict[str, Any] = {f"{part}/{name}": each for part in parts for name, each in parts[part].arrays().items()}
    np.savez_compressed(file, **named)


def load_parts(file: Path) -> dict[str, dict[str, Any]]:
    """Return the arrays of each part by name."""
    parts: dict[str, dict[str, Any]] = {}
    with np.load(file, allow_pickle=False) as data:
        for key in data.files:
            part, _, name = key.partition("/")
            parts.setdefault(part, {})[name] = data[key]
    return parts
