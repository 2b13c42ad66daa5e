"""Histories that the tests forecast."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.spending.contract import SpendingHistory
from models.spending.months import month_number
from models.spending.series import Floats

START = month_number("2026-01")
"""The month after all of them."""

SEASON = np.array([0.9, 0.85, 0.95, 1.0, 1.0, 1.05, 1.2, 1.1, 0.95, 0.9, 1.0, 1.1])


def seasonal(months: int, level: float = 1000.0, growth: float = 0.0, noise: float = 0.03, seed: int = 0) -> Floats:
    """Return monthly amounts that end in December 2025, with more spent in July."""
    at = np.arange(-months, 0)
    random = np.random.default_rng(seed)
    amounts: Floats = level * (1 + growth * at) * SEASON[at % 12] * random.normal(1.0, noise, months)
    return amounts


def history(amounts: Any, **fields: Any) -> SpendingHistory:
    """Return what the runner is asked for these amounts."""
    given = {"user_id": "ann", "currency": "EUR", "start": START, "months": 12, **fields}
    return SpendingHistory(amounts=tuple(float(each) for each in amounts), **given)
