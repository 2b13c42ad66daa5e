"""What is kept of a prediction, for whoever has to account for it later. A leaf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Output = Mapping[str, bool | int | float | str | None]


@dataclass(frozen=True)
class Audit:
    """One prediction that was answered.

    Attributes
    ----------
    answered_at: with a zone.
    model: tag in the model store, `intent:abc`.
    features: the request's fields, each as JSON; the log keeps keyed hashes of them.
    output: labels, scores and confidences of the answer.
    """

    prediction_id: str
    request_id: str
    user_id: str | None
    answered_at: datetime
    model: str
    features: Mapping[str, str]
    output: Output
