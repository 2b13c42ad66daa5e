"""An additive model in tables: log-odds as a sum over features and pairs of features.

Every model of this folder, trees and scorecard alike, is brought into this form. It is exact, small, quick, the same to
the last digit whatever the batch, and its Shapley values are read off it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.credit_risk.grid import Axis, Floats

Pair = tuple[int, int]


@dataclass(frozen=True)
class AdditiveModel:
    """log-odds(x) = baseline + sum of main[j](x_j) + sum of pairs[j, k](x_j, x_k).

    Between knots a table is interpolated, linearly in each feature: the sum is continuous in every number, and keeps
    the monotonicity that it has on the knots.

    Parameters
    ----------
    axes: of the features. main: a table (cells,) for each. pairs: tables (cells of j, cells of k), j < k.
    """

    axes: tuple[Axis, ...]
    baseline: float
    main: tuple[Floats, ...]
    pairs: Mapping[Pair, Floats]

    def log_odds(self, values: Floats) -> Floats:
        """Return (n,) log-odds of (n, features) values, NaN where missing."""
        singles, doubles = self._terms(values)
        return self.baseline + _in_order(np.hstack([singles, doubles]))

    def contributions(self, values: Floats) -> Floats:
        """Return (n, features) Shapley values of a purified model; they add up to log-odds less baseline.

        In a purified model every term has mean 0 in each of its features over the reference portfolio, so a term of two
        features is shared equally and nothing else is left to share: Shapley, 1953; Owen, "Sobol' indices and Shapley
        value", 2014. This is what interventional TreeSHAP approximates by sampling.
        """
        singles, doubles = self._terms(values)
        shares = singles.copy()
        for j in range(len(self.axes)):
            mine = [column for column, pair in enumerate(self.pairs) if j in pair]
            if mine:
                shares[:, j] += _in_order(doubles[:, mine]) / 2
        return shares

    def purified(self, weights: Sequence[Floats]) -> AdditiveModel:
        """Return the same function with every mean moved to where it belongs: functional analysis of variance.

        weights: for each axis the share of the reference portfolio on each cell.
        """
        baseline = self.baseline
        main = [table.copy() for table in self.main]
        pairs: dict[Pair, Floats] = {}
        for (j, k), table in self.pairs.items():
            of_j, of_k = (table * weights[k]).sum(1), (table * weights[j][:, None]).sum(0)
            mean = float((of_j * weights[j]).sum())
            pairs[j, k] = table - of_j[:, None] - of_k + mean
            main[j] += of_j
            main[k] += of_k
            baseline -= mean
        for j, table in enumerate(main):
            mean = float((table * weights[j]).sum())
            table -= mean
            baseline += mean
        return AdditiveModel(self.axes, baseline, tuple(main), pairs)

    def scaled(self, slope: float, intercept: float = 0.0) -> AdditiveModel:
        """Return slope * log-odds + intercept."""
        pairs = {pair: slope * table for pair, table in self.pairs.items()}
        return AdditiveModel(
            self.axes, slope * self.baseline + intercept, tuple(slope * table for table in self.main), pairs
        )

    def save(self, file: Path) -> None:
        """Write to an `.npz` file."""
        arrays: dict[str, Any] = {f"pair_{j}_{k}": table for (j, k), table in self.pairs.items()}
        for j, (axis, table) in enumerate(zip(self.axes, self.main, strict=True)):
            arrays |= {f"knots_{j}": axis.knots, f"main_{j}": table}
        continuous = np.array([axis.continuous for axis in self.axes])
        np.savez_compressed(file, baseline=np.array(self.baseline), continuous=continuous, **arrays)

    @classmethod
    def load(cls, file: Path) -> AdditiveModel:
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as data:
            kinds = data["continuous"]
            axes = tuple(Axis(data[f"knots_{j}"], bool(kind)) for j, kind in enumerate(kinds))
            names = [name for name in data.files if name.startswith("pair_")]
            pairs = {(int(name.split("_")[1]), int(name.split("_")[2])): data[name] for name in names}
            return cls(axes, float(data["baseline"]), tuple(data[f"main_{j}"] for j in range(len(axes))), pairs)

    def _terms(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the terms of one feature (n, features) and of two (n, pairs)."""
        places = [axis.place(values[:, j]) for j, axis in enumerate(self.axes)]
        lower = np.stack([place.lower for place in places], axis=1)
        upper = np.stack([place.upper for place in places], axis=1)
        between = np.stack([place.between for place in places], axis=1)
        layout = self._layout
        start = layout.main_start
        singles = (1 - between) * layout.main[start + lower] + between * layout.main[start + upper]
        j, k = layout.first, layout.second
        row_low, row_high = layout.start + lower[:, j] * layout.stride, layout.start + upper[:, j] * layout.stride
        left, right = lower[:, k], upper[:, k]
        across, along = between[:, k], between[:, j]
        low = (1 - across) * layout.pairs[row_low + left] + across * layout.pairs[row_low + right]
        high = (1 - across) * layout.pairs[row_high + left] + across * layout.pairs[row_high + right]
        return singles, (1 - along) * low + along * high

    @cached_property
    def _layout(self) -> _Layout:
        return _Layout.of(self)


@dataclass(frozen=True)
class _Layout:
    """All tables end to end, so that one look-up reads a row's cells of all of them."""

    main: Floats
    main_start: npt.NDArray[np.intp]
    pairs: Floats
    start: npt.NDArray[np.intp]
    stride: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]

    @classmethod
    def of(cls, model: AdditiveModel) -> _Layout:
        sizes = [len(table) for table in model.main]
        tables = list(model.pairs.values())
        pair_sizes = [table.size for table in tables]
        return cls(
            main=np.concatenate(model.main),
            main_start=np.array([sum(sizes[:j]) for j in range(len(sizes))], dtype=np.intp),
            pairs=np.concatenate([table.ravel() for table in tables]) if tables else np.zeros(0),
            start=np.array([sum(pair_sizes[:p]) for p in range(len(tables))], dtype=np.intp),
            stride=np.array([table.shape[1] for table in tables], dtype=np.intp),
            first=np.array([j for j, _ in model.pairs], dtype=np.intp),
            second=np.array([k for _, k in model.pairs], dtype=np.intp),
        )


def mixture(models: Sequence[AdditiveModel], shares: Sequence[float]) -> AdditiveModel:
    """Return the weighted sum of models on the same axes, in log-odds."""
    axes = models[0].axes
    main = [np.zeros(axis.cells) for axis in axes]
    pairs: dict[Pair, Floats] = {}
    baseline = 0.0
    for model, share in zip(models, shares, strict=True):
        baseline += share * model.baseline
        for j, table in enumerate(model.main):
            main[j] += share * table
        for pair, table in model.pairs.items():
            pairs[pair] = pairs.get(pair, 0.0) + share * table
    return AdditiveModel(axes, baseline, tuple(main), {pair: pairs[pair] for pair in sorted(pairs)})


def _in_order(terms: Floats) -> Floats:
    """Return the sums of rows, added from left to right: `sum` may group them by the shape of the batch."""
    if terms.shape[1] == 0:
        return np.zeros(len(terms))
    total: Floats = np.add.accumulate(terms, axis=1)[:, -1]
    return total
