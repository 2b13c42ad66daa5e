"""Where the same merchant, category, channel, country or currency of a user stood before and comes again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.anomaly.ledger import MISSING, Bools, Ints, Ledger
from models.anomaly.ordering import ordered
from models.anomaly.values import FIELDS

_FAR = np.iinfo(np.intp).max // 2


@dataclass(frozen=True)
class Recurrence:
    """Positions in a ledger of n transactions, for each of `FIELDS`.

    Attributes
    ----------
    told: (fields, n) whether the transaction says what it is.
    first: (fields, n) the user's first transaction with the same value.
    before, after: (fields, n) the nearest ones with it; far away where there is none.
    """

    told: Bools
    first: Ints
    before: Ints
    after: Ints


def recurrence(ledger: Ledger) -> Recurrence:
    """Return where values recur."""
    codes = np.stack([ledger.codes[field] for field in FIELDS])
    count, widest = len(ledger), int(codes.max(initial=0)) + 2
    users = int(ledger.user.max(initial=0)) + 1
    keys = ((np.arange(len(FIELDS))[:, None] * users + ledger.user) * widest + codes + 1).ravel()
    order = ordered(keys)  # by field, user and value; and of those that share them, by time
    by_key, places = keys[order], order % max(count, 1)
    again = by_key[1:] == by_key[:-1]
    before, after, first = np.full(len(keys), -_FAR), np.full(len(keys), _FAR), np.empty(len(keys), dtype=np.intp)
    before[order[1:]] = np.where(again, places[:-1], -_FAR)
    after[order[:-1]] = np.where(again, places[1:], _FAR)
    begins = np.flatnonzero(np.concatenate([[True], ~again])[: len(keys)])
    first[order] = np.repeat(places[begins], np.diff(begins, append=len(keys)))
    shape = codes.shape
    return Recurrence(codes != MISSING, first.reshape(shape), before.reshape(shape), after.reshape(shape))
