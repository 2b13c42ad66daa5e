"""The logistic scorecard: a weight for each category, two for each number, signs as the specification says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from models.credit_risk.additive import AdditiveModel
from models.credit_risk.grid import Axis, Floats
from models.credit_risk.reference import Reference
from models.credit_risk.specification import Feature

Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ScorecardDesign:
    """The columns that weights are fitted to, as tables over the cells of each axis: (cells, columns)."""

    axes: tuple[Axis, ...]
    tables: tuple[Floats, ...]
    directions: npt.NDArray[np.intp]

    @classmethod
    def of(cls, features: Sequence[Feature], reference: Reference) -> ScorecardDesign:
        """Return the design for a portfolio."""
        tables, directions = [], []
        for feature, axis, weight in zip(features, reference.axes, reference.weights, strict=True):
            table = _ordered(axis, weight) if feature.ordered else np.eye(axis.cells)
            tables.append(table)
            directions += [feature.direction if feature.ordered else 0] * (table.shape[1] - 1) + [0]
        return cls(reference.axes, tuple(tables), np.array(directions, dtype=np.intp))

    def matrix(self, values: Floats) -> Floats:
        """Return the columns (n, columns) for (n, features) values."""
        parts = []
        for j, (axis, table) in enumerate(zip(self.axes, self.tables, strict=True)):
            place = axis.place(values[:, j])
            between = place.between[:, None]
            parts.append((1 - between) * table[place.lower] + between * table[place.upper])
        return np.hstack(parts)

    def model(self, intercept: float, coefficients: Floats) -> AdditiveModel:
        """Return the additive model that fitted coefficients make."""
        ends = np.cumsum([table.shape[1] for table in self.tables])
        main = [table @ coefficients[end - table.shape[1] : end] for table, end in zip(self.tables, ends, strict=True)]
        return AdditiveModel(self.axes, intercept, tuple(main), {})


def fit_scorecard(design: ScorecardDesign, columns: Floats, bad: Labels, strength: float) -> tuple[float, Floats]:
    """Return intercept and coefficients of a logistic regression with an L2 penalty and bounded signs.

    Minimises strength * sum of log losses + half the squared norm of the coefficients, by L-BFGS-B (Byrd et al., 1995).
    """
    sign = np.where(bad, 1.0, -1.0)
    matrix = np.hstack([np.ones((len(columns), 1)), columns])

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (matrix @ weights)
        penalty = np.concatenate([[0.0], weights[1:]])
        value = strength * float(np.logaddexp(0, -margin).sum()) + 0.5 * float(penalty @ penalty)
        return value, penalty - strength * (matrix.T @ (sign * expit(-margin)))

    share = float(np.clip(bad.mean(), 1e-6, 1 - 1e-6))
    start = np.zeros(matrix.shape[1])
    start[0] = np.log(share / (1 - share))
    bounds = [(None, None), *((0 if each > 0 else None, 0 if each < 0 else None) for each in design.directions)]
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return float(weights[0]), weights[1:]


def _ordered(axis: Axis, weight: Floats) -> Floats:
    """Return value and rank of each cell, centred and scaled, and whether it is the missing one."""
    known = weight[:-1]
    columns = []
    for scale in (axis.knots, np.cumsum(known) - known / 2):
        mean = float((scale * known).sum())
        deviation = float(np.sqrt(((scale - mean) ** 2 * known).sum()))
        columns.append(np.append((scale - mean) / (deviation or 1.0), 0.0))
    return np.stack([*columns, np.append(np.zeros(len(known)), 1.0)], axis=1)
