"""Softmax and its logarithm over the last axis: SciPy's take ten times as long for the few numbers of one text."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]


def logsumexp(scores: Floats) -> Floats:
    """Return log(sum(exp(scores))) without overflow."""
    most = scores.max(axis=-1, keepdims=True)
    total: Floats = np.log(np.exp(scores - most).sum(axis=-1)) + most[..., 0]
    return total


def log_softmax(scores: Floats) -> Floats:
    """Return log-probabilities."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def softmax(scores: Floats) -> Floats:
    """Return probabilities."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return result
