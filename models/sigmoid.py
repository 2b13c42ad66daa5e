"""The logistic function: SciPy's is the same to the last bits, and half a second of every start."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Float = TypeVar("Float", bound=np.floating[Any])


def sigmoid(log_odds: npt.NDArray[Float]) -> npt.NDArray[Float]:
    """Return probabilities; those near zero keep their digits, and none overflows."""
    result: npt.NDArray[Float] = np.exp(-np.logaddexp(0.0, -log_odds))
    return result
