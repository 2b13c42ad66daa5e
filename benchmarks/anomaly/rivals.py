"""What anyone would try first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import skew
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from models.anomaly.ledger import Ledger

Floats = npt.NDArray[np.float64]


def isolation_forest(rows: Floats, reference: Floats, seed: int) -> Floats:
    """Return scores by scikit-learn's, 100 trees, columns as they are."""
    return -IsolationForest(random_state=seed).fit(reference).score_samples(rows)


def ecod(rows: Floats, reference: Floats) -> Floats:
    """Return scores by ECOD (Li et al., 2022) as published: the largest of three sums of log tails."""
    n = len(reference)
    ordered = np.sort(reference, axis=0)
    low, high = np.empty(rows.shape), np.empty(rows.shape)
    for column in range(rows.shape[1]):
        at_most = np.searchsorted(ordered[:, column], rows[:, column], "right")
        at_least = n - np.searchsorted(ordered[:, column], rows[:, column], "left")
        low[:, column] = -np.log(np.maximum(at_most, 1) / n)
        high[:, column] = -np.log(np.maximum(at_least, 1) / n)
    sign = np.nan_to_num(skew(reference, axis=0))
    skewed = np.where(sign < 0, low, np.where(sign > 0, high, low + high))
    return np.max(np.stack([low.sum(axis=1), high.sum(axis=1), skewed.sum(axis=1)]), axis=0)


def tenth_neighbour(rows: Floats) -> Floats:
    """Return distances to the tenth neighbour of each row (Ramaswamy et al., SIGMOD 2000), columns standardised."""
    distances, _ = NearestNeighbors(n_neighbors=10).fit(StandardScaler().fit_transform(rows)).kneighbors()
    return distances[:, -1]


def own_z_scores(ledger: Ledger, rows: npt.NDArray[np.intp]) -> Floats:
    """Return how many standard deviations each amount is from the mean of its user's earlier ones of that sign."""
    scores = np.zeros(len(rows))
    begins = np.searchsorted(ledger.user, ledger.user[rows], "left")
    for number, (row, begin) in enumerate(zip(rows.tolist(), begins.tolist(), strict=True)):
        amount = ledger.amount[row]
        before = ledger.amount[begin:row][ledger.time[begin:row] < ledger.time[row]]
        before = before[np.sign(before) == np.sign(amount)]
        if len(before) > 1:
            scores[number] = abs(amount - before.mean()) / max(float(before.std()), 0.01)
    return scores


def raw_columns(ledger: Ledger, rows: npt.NDArray[np.intp]) -> Floats:
    """Return what a transaction says without a history: amount, hour, weekday, days since the one before."""
    local = ledger.time[rows] + ledger.offset[rows]
    first = np.flatnonzero(np.diff(ledger.user, prepend=-1))
    gap = np.diff(ledger.time, prepend=ledger.time[:1])
    gap[first] = 0
    return np.stack([ledger.amount[rows], local % 86400 / 3600, local // 86400 % 7, gap[rows] / 86400], axis=1)
