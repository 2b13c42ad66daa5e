"""What each transaction is by itself and beside its neighbours in time, before anyone asks what is usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import MISSING, Bools, Floats, Ints, Ledger
from models.anomaly.ordering import joined, ordered
from models.anomaly.recurrence import Recurrence, recurrence
from models.anomaly.travel import haste, present

SPANS_H = (1, 24, 168)
"""Hours over which bursts are counted: an hour, a day, a week."""
DUPLICATE_MINUTES = 60.0
_DAY_S = 86400
_ROUND_FROM, _LIMIT_FROM = 50.0, 250.0
_LIMITS = np.array([1.0, 5.0, 10.0])
_BELOW = 0.02


@dataclass(frozen=True)
class Derived:
    """Columns beside those of a ledger of n transactions.

    Attributes
    ----------
    size: log(1 + euros). income: 1 for income, 0 for spending; an amount of 0 is spending.
    rounded: worth enough that roundness says something. round: so, and with few digits, such as 200 or 1,500.
    limited: worth enough to care for limits. below_limit: so, and up to 2 % below such a limit as 1,000 or 5,000.
    date_only: the local time is midnight to the second, which is how a date without a time is written.
    hour: local hour, 0 to 23. weekday: Monday 0.
    present: the transaction tells a country, and its channel does not say that nobody was there.
    gap: seconds since the user's transaction before, NaN for the first.
    bursts: (3, n) earlier transactions within each of `SPANS_H`.
    same: a number that transactions of one user share when they have merchant and amount in common; where no
        merchant is known, category and channel stand for it. -1 where none is within the hour before or after.
    repeated: there is another of the same `same` within an hour before.
    hurried: there was too little time to come from the country of the last transaction with somebody present.
    values: where merchants, categories, channels, countries and currencies recur.
    """

    size: Floats
    income: Ints
    rounded: Bools
    round: Bools
    limited: Bools
    below_limit: Bools
    date_only: Bools
    hour: Ints
    weekday: Ints
    present: Bools
    gap: Floats
    bursts: npt.NDArray[np.intp]
    same: Ints
    repeated: Bools
    hurried: Bools
    values: Recurrence


def derive(ledger: Ledger) -> Derived:
    """Return the derived columns of a ledger."""
    euros, local = ledger.euros, ledger.time + ledger.offset
    second = np.floor(local).astype(np.int64)  # dividing whole numbers takes a third of the time
    worth, limited, digits = euros >= _ROUND_FROM, euros >= _LIMIT_FROM, _digits(np.abs(ledger.amount))
    instant = _instants(ledger)
    first = np.searchsorted(instant, instant, "left")
    within = [first - np.searchsorted(instant, instant - hours * 3_600_000, "left") for hours in SPANS_H]
    gap, there = _gaps(ledger), present(ledger)
    same = _same(ledger, gap)
    return Derived(
        size=np.log1p(euros),
        income=(ledger.amount > 0).astype(np.intp),
        rounded=worth,
        round=worth & _few(digits),
        limited=limited,
        below_limit=limited & _just_below(digits),
        date_only=(second % _DAY_S == 0) & (second == local),
        hour=second // 3600 % 24,
        weekday=(second // _DAY_S + 3) % 7,  # 1970 began on a Thursday
        present=there,
        gap=gap,
        bursts=np.stack(within),
        same=same,
        repeated=_repeated(ledger, same),
        hurried=_hurried(ledger, there),
        values=recurrence(ledger),
    )


def _instants(ledger: Ledger) -> npt.NDArray[np.int64]:
    """Return milliseconds that grow through the whole ledger, users one after another and far apart."""
    return ledger.user.astype(np.int64) * 2**43 + np.round(ledger.time * 1000).astype(np.int64)


def _digits(amount: Floats) -> Floats:
    """Return amounts as multiples of their power of ten, 1 to 10: 1.2 for 120; what is below 1 as it is."""
    digits: Floats = amount / 10.0 ** np.floor(np.log10(np.maximum(amount, 1.0)))
    return digits


def _few(digits: Floats) -> Bools:
    """Say which are halves or whole: those of 50, 150, 2,000, not of 120."""
    halves = 2 * digits
    return np.abs(halves - np.round(halves)) < 1e-6


def _just_below(digits: Floats) -> Bools:
    """Say which are up to 2 % below 1, 5 or 10."""
    above = _LIMITS[np.searchsorted(_LIMITS, digits, "right").clip(max=len(_LIMITS) - 1)]
    below: Bools = (digits < above - 1e-9) & (digits >= above * (1 - _BELOW))
    return below


def _hurried(ledger: Ledger, there: Bools) -> Bools:
    hurried = np.zeros(len(ledger), dtype=np.bool_)
    rows = np.flatnonzero(there)
    country, user = ledger.codes["country"][rows], ledger.user[rows]
    moved = np.flatnonzero((country[1:] != country[:-1]) & (user[1:] == user[:-1]))
    times, _, _ = haste(ledger, rows[moved], rows[moved + 1])
    hurried[rows[moved + 1]] = times > 1
    return hurried


def _gaps(ledger: Ledger) -> Floats:
    gap = np.full(len(ledger), np.nan)
    gap[1:] = np.where(ledger.user[1:] == ledger.user[:-1], np.diff(ledger.time), np.nan)
    return gap


def _same(ledger: Ledger, gap: Floats) -> Ints:
    soon = gap <= DUPLICATE_MINUTES * 60
    rows = np.flatnonzero(soon | np.append(soon[1:], False))
    codes, names = {field: codes[rows] for field, codes in ledger.codes.items()}, ledger.names
    merchants, channels = len(names["merchant"]), len(names["channel"]) + 1
    place = np.where(
        codes["merchant"] != MISSING,
        codes["merchant"],
        merchants + (codes["category"] + 1) * channels + codes["channel"] + 1,
    )
    amounts, amount = np.unique(np.round(ledger.amount[rows] * 10_000), return_inverse=True)
    same = np.full(len(ledger), -1)
    same[rows] = joined(
        (ledger.user[rows], int(ledger.user.max(initial=0)) + 1),
        (place, merchants + (len(names["category"]) + 1) * channels),
        (codes["currency"] + 1, len(names["currency"]) + 1),
        (amount, len(amounts) + 1),
    )
    return same


def _repeated(ledger: Ledger, same: Ints) -> Bools:
    repeated = np.zeros(len(ledger), dtype=np.bool_)
    rows = np.flatnonzero(same >= 0)
    order = rows[ordered(same[rows])]
    again = (np.diff(same[order]) == 0) & (np.diff(ledger.time[order]) <= DUPLICATE_MINUTES * 60)
    repeated[order[1:][again]] = True
    return repeated
