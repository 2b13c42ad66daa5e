"""Transactions that the tests store."""

from __future__ import annotations

import itertools
from typing import Any

from models.transactions import UserTransaction

_NUMBERS = itertools.count()


def fields(**given: Any) -> dict[str, Any]:
    """Return a sound transaction as JSON has it, with a new id; `given` replaces fields."""
    return {
        "id": f"t-{next(_NUMBERS):06}",
        "user_id": "ann",
        "amount": -12.5,
        "currency": "EUR",
        "timestamp": "2026-03-14T12:00:00Z",
        **given,
    }


def row(**given: Any) -> UserTransaction:
    """Return the same as the store takes it."""
    return UserTransaction.model_validate(fields(**given))
