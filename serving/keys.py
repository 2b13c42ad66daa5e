"""What two requests must share to share an answer."""

from __future__ import annotations

import datetime as dt

from models.intent.contract import IntentRequest
from models.ner.contract import NerRequest
from models.text.normalise import normalise

Key = tuple[object, ...]


def intent_key(request: IntentRequest) -> Key:
    """The query in its normal form: the model reads no other."""
    return normalise(request.query), request.language, request.top_k


def ner_key(request: NerRequest) -> Key:
    """The text itself, not its normal form: spans count its characters. Without a date, today's is meant."""
    day = request.reference_date or dt.datetime.now(dt.UTC).date()
    return request.text, request.language, request.offset_unit, day
