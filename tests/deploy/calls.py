"""A request to each model that needs nothing stored."""

from __future__ import annotations

from itertools import count
from typing import Any

_fresh = count()


def body(model: str) -> dict[str, Any]:
    """Return a request to `model` that no cache has seen."""
    number = next(_fresh)
    payment = {"amount": -12.5 - number, "currency": "EUR", "timestamp": "2026-03-02T10:00:00Z", "merchant": "Grocer"}
    bodies: dict[str, dict[str, Any]] = {
        "intent": {"query": f"What was the balance of my account number {number}?"},
        "ner": {"text": f"Send {number} euros to Marie Dupont next Friday", "reference_date": "2026-05-14"},
        "spending": {
            "user_id": f"u{number}",
            "history": [{"month": f"2026-0{month}", "amount": 800 + number + month} for month in (1, 2, 3)],
        },
        "anomaly": {"user_id": f"u{number}", "transaction": payment, "history": []},
        "credit_risk": {"income": 24000 + number, "loan_amount": 19000, "term_months": 60, "delinquencies_2y": 2},
    }
    return bodies[model]


MODELS = ("intent", "ner", "spending", "anomaly", "credit_risk")
