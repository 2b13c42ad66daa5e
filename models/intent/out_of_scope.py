"""Four ways to tell that a query asks for nothing the model knows; training measures which is best.

Each gives a score per query, higher for stranger ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.text.softmax import logsumexp

Floats = npt.NDArray[np.float32]
Method = Literal["outlier_class", "energy", "class_means", "nearest_neighbours"]
METHODS: tuple[Method, ...] = ("outlier_class", "energy", "class_means", "nearest_neighbours")


@dataclass(frozen=True)
class OutOfScope:
    """Scores queries by one method.

    Parameters
    ----------
    method:
        `outlier_class`: log-odds of the class trained on out-of-scope queries (Hendrycks et al., 2019);
        `energy`: minus the log-sum-exp of the network's in-scope logits (Liu et al., 2020);
        `class_means`: Mahalanobis distance of the embedding to the nearest class mean (Lee et al., 2018);
        `nearest_neighbours`: cosine distance to the k-th nearest training embedding (Sun et al., 2022).
    outlier: column of the out-of-scope class in the logits, -1 without one.
    reference: class means in whitened space, or unit training embeddings.
    whitening: (hidden, hidden) map for `class_means`.
    """

    method: Method
    outlier: int
    reference: Floats
    whitening: Floats
    neighbours: int = 5

    @classmethod
    def fit(cls, method: Method, embeddings: Floats, labels: npt.NDArray[np.intp], outlier: int) -> OutOfScope:
        """Learn from training embeddings (n, hidden) and labels (n,), out-of-scope rows included."""
        none = np.zeros((0, 0), dtype=np.float32)
        inside = labels != outlier
        if method == "class_means":
            means = np.stack([embeddings[labels == label].mean(0) for label in np.unique(labels[inside])])
            row_of = {label: row for row, label in enumerate(np.unique(labels[inside]))}
            spread = embeddings[inside] - means[[row_of[label] for label in labels[inside]]]
            covariance = spread.T @ spread / len(spread)
            # Shrunk, for a class may have fewer rows than the embedding has columns.
            covariance += np.eye(len(covariance)) * (0.1 * np.trace(covariance) / len(covariance) + 1e-6)
            whitening = np.linalg.inv(np.linalg.cholesky(covariance)).T.astype(np.float32)
            return cls(method, outlier, (means @ whitening).astype(np.float32), whitening)
        if method == "nearest_neighbours":
            return cls(method, outlier, _unit(embeddings[inside]), none)
        return cls(method, outlier, none, none)

    def score(self, logits: Floats, blended: Floats, embeddings: Floats) -> Floats:
        """Return scores (n,).

        logits: (n, classes) of the network. blended: (n, classes) log-probabilities. embeddings: (n, hidden).
        """
        if self.method == "class_means":
            white = embeddings @ self.whitening
            squares = (white**2).sum(1)[:, None] - 2 * white @ self.reference.T + (self.reference**2).sum(1)
            return np.asarray(np.sqrt(np.maximum(squares.min(1), 0)), dtype=np.float32)
        if self.method == "nearest_neighbours":
            similarity = _unit(embeddings) @ self.reference.T
            k = min(self.neighbours, len(self.reference))
            nearest = np.partition(similarity, -k, axis=1)[:, -k]
            return (1 - nearest).astype(np.float32)
        if self.method == "outlier_class":
            inside = logsumexp(np.delete(blended, self.outlier, axis=1))
            return np.asarray(blended[:, self.outlier] - inside, dtype=np.float32)
        known = np.delete(logits, self.outlier, axis=1) if self.outlier >= 0 else logits
        return np.asarray(-logsumexp(known), dtype=np.float32)

    def save(self, file: Path) -> None:
        """Write to an `.npz` file."""
        np.savez(
            file,
            method=np.array(self.method),
            outlier=np.array(self.outlier),
            reference=self.reference.astype(np.float16 if self.method == "nearest_neighbours" else np.float32),
            whitening=self.whitening,
        )

    @classmethod
    def load(cls, file: Path) -> OutOfScope:
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as data:
            method = str(data["method"])
            chosen = next(known for known in METHODS if known == method)
            return cls(chosen, int(data["outlier"]), data["reference"].astype(np.float32), data["whitening"])


def methods_for(outlier: int) -> tuple[Method, ...]:
    """Return the methods that work with or without an out-of-scope class."""
    return METHODS if outlier >= 0 else METHODS[1:]


def _unit(rows: Floats) -> Floats:
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit
