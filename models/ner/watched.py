"""What is watched of the entity model's traffic."""

from __future__ import annotations

from models.drift.watched import Watched
from models.ner.contract import NerPrediction, NerRequest
from models.text.language import detect_language

WATCHED: Watched[NerRequest, NerPrediction] = Watched(
    inputs=lambda request, _: {
        "language": request.language or detect_language(request.text),
        "length": len(request.text),
    },
    outputs=lambda prediction: {
        "labels": "+".join(sorted({entity.label for entity in prediction.entities})) or "none",
        "least_score": min((entity.score for entity in prediction.entities), default=None),
    },
)
