"""The portfolio a model is learnt from, as far as its averages go: what an average answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.credit_risk.additive import AdditiveModel
from models.credit_risk.grid import Axis, Floats
from models.credit_risk.specification import Feature

_CELLS = 2_000_000
"""Cells of all tables of two features together: what bounds the size of a model of many features."""
_FEWEST_KNOTS, _MOST_KNOTS = 16, 48


@dataclass(frozen=True)
class Reference:
    """Axes of the features, the share of known answers on each cell, and on which cells any row lies."""

    axes: tuple[Axis, ...]
    weights: tuple[Floats, ...]
    seen: tuple[npt.NDArray[np.bool_], ...]

    @classmethod
    def of(cls, features: Sequence[Feature], values: Floats) -> Reference:
        """Return the reference that (n, features) values make, NaN where missing."""
        couples = max(1, len(features) * (len(features) - 1) // 2)
        most = int(np.clip((_CELLS / couples) ** 0.5, _FEWEST_KNOTS, _MOST_KNOTS))
        axes = tuple(Axis.fit(feature, values[:, j], most) for j, feature in enumerate(features))
        weights = tuple(axis.weights(values[:, j]) for j, axis in enumerate(axes))
        seen = tuple(np.append(weight[:-1] > 0, bool(np.isnan(values[:, j]).any())) for j, weight in enumerate(weights))
        return cls(axes, weights, seen)

    def codes(self, values: Floats) -> Floats:
        """Return the nearest cell of each of (n, features) values, NaN where missing."""
        return np.stack([axis.codes(values[:, j]) for j, axis in enumerate(self.axes)], axis=1)

    def finish(self, model: AdditiveModel) -> AdditiveModel:
        """Return the model purified over this portfolio, and silence made harmless.

        A missing answer counts as the average one, as the usual one or as what the data make of it, whichever is best
        for the applicant; a category that no row has counts as the average one. Averages of a function that is monotone
        in a feature are monotone in it, so no constraint is lost.
        """
        pure = model.purified(self.weights)
        main, silent = [], []
        for axis, weight, table, seen in zip(self.axes, self.weights, pure.main, self.seen, strict=True):
            kept = np.where(seen, table, 0.0)
            kept[-1] = min(kept[-1], kept[_usual(axis, weight)], 0.0)
            main.append(kept)
            silent.append(np.append(~seen[:-1], True))
        pairs = {(j, k): np.where(silent[j][:, None] | silent[k], 0.0, table) for (j, k), table in pure.pairs.items()}
        return AdditiveModel(pure.axes, pure.baseline, tuple(main), pairs)


def _usual(axis: Axis, weight: Floats) -> int:
    """Return the cell of the median number or of the most frequent category."""
    known = weight[:-1]
    return int(np.searchsorted(np.cumsum(known), 0.5)) if axis.continuous else int(known.argmax())
