"""What each transaction is by itself and beside its neighbours in time, before anyone asks what is usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import MISSING, Bools, Floats, Ints, Ledger
from models.anomaly.travel import haste, present

SPANS_H = (1, 24, 168)
"""Hours over which bursts are counted: an hour, a day, a week."""
DUPLICATE_MINUTES = 60.0
_DAY_S = 86400.0
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
    bursts: (n, 3) earlier transactions within each of `SPANS_H`.
    same: a number that transactions of one user share when they have merchant and amount in common; where no
        merchant is known, category and channel stand for it.
    repeated: there is another of the same `same` within an hour before.
    hurried: there was too little time to come from the country of the last transaction with somebody present.
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


def derive(ledger: Ledger) -> Derived:
    """Return the derived columns of a ledger."""
    euros, amount = ledger.euros, np.abs(ledger.amount)
    instant = _instants(ledger)
    first = np.searchsorted(instant, instant, "left")
    within = [first - np.searchsorted(instant, instant - hours * 3_600_000, "left") for hours in SPANS_H]
    same, there = _same(ledger), present(ledger)
    return Derived(
        size=np.log1p(euros),
        income=(ledger.amount > 0).astype(np.intp),
        rounded=euros >= _ROUND_FROM,
        round=(euros >= _ROUND_FROM) & _few_digits(amount),
        limited=euros >= _LIMIT_FROM,
        below_limit=(euros >= _LIMIT_FROM) & _just_below(amount),
        date_only=(ledger.time + ledger.offset) % _DAY_S == 0,
        hour=((ledger.time + ledger.offset) % _DAY_S // 3600).astype(np.intp),
        weekday=((ledger.time + ledger.offset) // _DAY_S + 3).astype(np.intp) % 7,  # 1970 began on a Thursday
        present=there,
        gap=_gaps(ledger),
        bursts=np.stack(within, axis=1),
        same=same,
        repeated=_repeated(ledger, same),
        hurried=_hurried(ledger, there),
    )


def _instants(ledger: Ledger) -> npt.NDArray[np.int64]:
    """Return milliseconds that grow through the whole ledger, users one after another and far apart."""
    return ledger.user.astype(np.int64) * 2**43 + np.round(ledger.time * 1000).astype(np.int64)


def _few_digits(amount: Floats) -> Bools:
    """Say which amounts are a half or whole multiple of their power of ten: 50, 150, 2,000, not 120."""
    halves = 2 * amount / 10.0 ** np.floor(np.log10(np.maximum(amount, 1.0)))
    return np.abs(halves - np.round(halves)) < 1e-6


def _just_below(amount: Floats) -> Bools:
    """Say which amounts are up to 2 % below 1, 5 or 10 times a power of ten."""
    digits = amount / 10.0 ** np.floor(np.log10(np.maximum(amount, 1.0)))
    above = _LIMITS[np.searchsorted(_LIMITS, digits, "right").clip(max=len(_LIMITS) - 1)]
    below: Bools = (digits < above - 1e-9) & (digits >= above * (1 - _BELOW))
    return below


def _hurried(ledger: Ledger, there: Bools) -> Bools:
    positions = np.arange(len(ledger))
    last = np.maximum.accumulate(np.where(there, positions, -1))
    last = np.concatenate([[-1], last[:-1]]) if len(ledger) else last
    known = there & (last >= 0) & (ledger.user[last] == ledger.user)
    times, _, _ = haste(ledger, np.where(known, last, -1), positions)
    return times > 1


def _gaps(ledger: Ledger) -> Floats:
    gap = np.full(len(ledger), np.nan)
    gap[1:] = np.where(ledger.user[1:] == ledger.user[:-1], np.diff(ledger.time), np.nan)
    return gap


def _same(ledger: Ledger) -> Ints:
    codes = ledger.codes
    named = codes["merchant"] != MISSING
    keys = np.stack(
        [
            ledger.user,
            codes["merchant"],
            np.where(named, MISSING, codes["category"]),
            np.where(named, MISSING, codes["channel"]),
            codes["currency"],
            np.round(ledger.amount * 10_000).astype(np.int64),
        ],
        axis=1,
    )
    order = np.lexsort(keys.T)
    new = np.any(keys[order][1:] != keys[order][:-1], axis=1)
    same = np.empty(len(ledger), dtype=np.intp)
    same[order] = np.concatenate([[0], np.cumsum(new)]) if len(ledger) else []
    return same


def _repeated(ledger: Ledger, same: Ints) -> Bools:
    repeated = np.zeros(len(ledger), dtype=np.bool_)
    order = np.lexsort((ledger.time, same))
    again = (np.diff(same[order]) == 0) & (np.diff(ledger.time[order]) <= DUPLICATE_MINUTES * 60)
    repeated[order[1:][again]] = True
    return repeated
