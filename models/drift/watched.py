"""What is watched of a model: the one thing that each model declares, used in training, in serving and in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = bool | int | float | str | None
Observation = Mapping[str, Value]
"""Features of one call by name: numbers, or names of few kinds, or None where there is none."""

RequestT = TypeVar("RequestT", contravariant=True)
PredictionT = TypeVar("PredictionT", contravariant=True)


@dataclass(frozen=True)
class Watched(Generic[RequestT, PredictionT]):
    """What to look at of each call; no name is in both.

    Parameters
    ----------
    inputs: of what was asked. Nothing that says who asked, or in which words.
    outputs: of what was answered: label, score, confidence.
    """

    inputs: Callable[[RequestT, PredictionT], Observation]
    outputs: Callable[[PredictionT], Observation]

    def __call__(self, request: RequestT, prediction: PredictionT) -> Observation:
        """Return what one call is like."""
        return {**self.inputs(request, prediction), **self.outputs(prediction)}

    def all(self, requests: Sequence[RequestT], predictions: Sequence[PredictionT]) -> list[Observation]:
        """Return what each of several calls is like."""
        return [self(request, prediction) for request, prediction in zip(requests, predictions, strict=True)]
