"""What is watched of the intent model's traffic."""

from __future__ import annotations

from models.drift.watched import Watched
from models.intent.contract import IntentPrediction, IntentRequest

WATCHED: Watched[IntentRequest, IntentPrediction] = Watched(
    inputs=lambda request, prediction: {"language": prediction.language, "length": len(request.query)},
    outputs=lambda prediction: {"intent": prediction.intent, "confidence": prediction.confidence},
)
