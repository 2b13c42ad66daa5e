"""Whether there was time to come from one country to the next."""

from __future__ import annotations

import numpy as np

from models.anomaly.countries import distance_km, places
from models.anomaly.ledger import MISSING, Bools, Floats, Ints, Ledger

_REMOTE = ("online", "web", "internet", "commerce", "app", "not_present", "not present", "remote", "phone", "mail")
_KM_PER_HOUR = 850.0
_NEAR_KM = 150.0
_LEAST_HOURS = 0.75
_MOST = 1000.0


def present(ledger: Ledger) -> Bools:
    """Say which transactions tell a country and were not made at a distance (n,)."""
    names = ledger.names["channel"]
    words = [code for code, name in enumerate(names) if any(word in name for word in _REMOTE)]
    there: Bools = (ledger.codes["country"] != MISSING) & ~np.isin(ledger.codes["channel"], words)
    return there


def haste(ledger: Ledger, last: Ints, rows: Ints) -> tuple[Floats, Floats, Floats]:
    """Return how many times too little time there was between two transactions of a person, km and hours; each (m,).

    By plane from door to door, less what two places either side of a border are nearer than their countries' middles.
    Haste is 0 within a country, and where `last` is -1. Below 1 there was time enough.
    """
    country = ledger.codes["country"]
    hours = np.where(last >= 0, (ledger.time[rows] - ledger.time[last]) / 3600, np.inf)
    times, km = np.zeros(len(rows)), np.zeros(len(rows))
    moved = np.flatnonzero((last >= 0) & (country[last] != country[rows]))
    if len(moved):
        where = places((*ledger.names["country"], ""))
        km[moved] = distance_km(where[country[last[moved]]], where[country[rows[moved]]])
        needed = _LEAST_HOURS + np.maximum(km[moved] - _NEAR_KM, 0) / _KM_PER_HOUR
        times[moved] = np.minimum(needed / np.clip(hours[moved], needed / _MOST, 1e9), _MOST)
    return times, km, hours
