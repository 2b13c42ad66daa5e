"""Isolation forest: fitted by scikit-learn, then plain arrays, so that serving needs neither it nor pickle."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats, Ints

_TREES = 200
_SAMPLE = 256
_AT_ONCE = 1024


@dataclass(frozen=True)
class IsolationTrees:
    """How soon random cuts isolate a row (Liu, Ting & Zhou, ICDM 2008).

    Attributes
    ----------
    column, cut, left, right: (trees, nodes) of the trees, one after the other; a leaf leads to itself.
    length: (trees, nodes) at a leaf, the cuts to it and those still expected below; 0 elsewhere.
    expected: the mean length in a tree of the sample's size, by which scores are scaled.
    depth: most cuts on any path.
    """

    column: Ints
    cut: npt.NDArray[np.float32]
    left: Ints
    right: Ints
    length: npt.NDArray[np.float32]
    expected: Floats
    depth: Ints

    @classmethod
    def fit(cls, table: Floats, seed: int) -> IsolationTrees:
        """Learn from rows (n, columns)."""
        from sklearn.ensemble import IsolationForest

        sample = min(_SAMPLE, len(table))
        fitted = IsolationForest(n_estimators=_TREES, max_samples=sample, random_state=seed).fit(table)
        trees = [each.tree_ for each in fitted.estimators_]
        nodes = max(tree.node_count for tree in trees)
        column, left, right = (np.zeros((len(trees), nodes), dtype=np.int32) for _ in range(3))
        cut, length = (np.zeros((len(trees), nodes), dtype=np.float32) for _ in range(2))
        depth = 0
        for number, (tree, columns) in enumerate(zip(trees, fitted.estimators_features_, strict=True)):
            own = np.arange(tree.node_count)
            leaf = tree.children_left < 0
            column[number, own] = columns[np.where(leaf, 0, tree.feature)]
            cut[number, own] = tree.threshold
            left[number, own] = np.where(leaf, own, tree.children_left)
            right[number, own] = np.where(leaf, own, tree.children_right)
            depths = _depths(left[number], right[number], tree.node_count)
            length[number, own] = np.where(leaf, depths + _expected(tree.n_node_samples), 0)
            depth = max(depth, int(depths.max()))
        return cls(column, cut, left, right, length, _expected(np.array([sample]))[0], np.array(depth))

    def score(self, table: Floats) -> Floats:
        """Return scores (n,) between 0 and 1, higher for what is isolated sooner."""
        rows = table.astype(np.float32)  # what scikit-learn's trees were cut in
        parts = [self._score(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _score(self, rows: npt.NDArray[np.float32]) -> Floats:
        nodes = self.column.shape[1]
        begin = np.arange(len(self.column)) * nodes
        at = np.broadcast_to(begin, (len(rows), len(begin)))
        column, cut = self.column.ravel(), self.cut.ravel()
        left, right = (self.left + begin[:, None]).ravel(), (self.right + begin[:, None]).ravel()
        own = np.arange(len(rows))[:, None]
        for _ in range(int(self.depth)):
            at = np.where(rows[own, column[at]] <= cut[at], left[at], right[at])
        score: Floats = 2.0 ** (-self.length.ravel()[at].mean(axis=1, dtype=np.float64) / float(self.expected))
        return score

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


def _depths(left: Ints, right: Ints, count: int) -> Ints:
    depths = np.zeros(count, dtype=np.intp)
    for node in range(count):  # scikit-learn numbers parents before their children
        for child in (left[node], right[node]):
            if child != node:
                depths[child] = depths[node] + 1
    return depths


def _expected(count: Ints) -> Floats:
    """Return the mean length of an unsuccessful search in a binary tree of `count` values (Preiss, 1999)."""
    n = np.asarray(count, dtype=np.float64)
    harmonic = np.log(np.maximum(n - 1, 1)) + np.euler_gamma
    many = 2 * harmonic - 2 * (n - 1) / np.maximum(n, 1)
    return np.where(n > 2, many, np.where(n == 2, 1.0, 0.0))
