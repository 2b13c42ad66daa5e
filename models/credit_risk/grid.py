"""Where the values of a feature lie: on knots, between two of them, or missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.credit_risk.specification import Feature

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Place:
    """Where n values lie: a share `1 - between` on cell `lower`, a share `between` on cell `upper`. All (n,)."""

    lower: Indices
    upper: Indices
    between: Floats


@dataclass(frozen=True)
class Axis:
    """The cells of one feature: one for each knot, and a last one for values that are missing.

    Parameters
    ----------
    knots: ascending values; of a category 0, 1, … in the specification's order, of a grade the places that were seen.
    continuous: whether values between two knots lie between their cells. Beyond the ends they count as the end.
    """

    knots: Floats
    continuous: bool

    @property
    def cells(self) -> int:
        """Number of cells, that of missing values included."""
        return len(self.knots) + 1

    @classmethod
    def fit(cls, feature: Feature, values: Floats, most: int) -> Axis:
        """Return the axis of a feature: knots at its values, or at most `most` quantiles where there are more values.

        values: (n,) with NaN where missing.
        """
        if not feature.ordered:
            return cls(np.arange(len(feature.categories), dtype=np.float64), continuous=False)
        known = values[~np.isnan(values)]
        distinct = np.unique(known)
        if len(distinct) > most:
            # The middle of equally filled bins; a value that fills a bin by itself is its own middle.
            edges = np.unique(np.quantile(known, np.linspace(0, 1, most + 1)))
            bin_of = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
            distinct = np.unique([np.median(known[bin_of == index]) for index in np.unique(bin_of)])
        return cls(distinct if len(distinct) else np.zeros(1), continuous=True)

    def place(self, values: Floats) -> Place:
        """Return where (n,) values lie."""
        missing = np.isnan(values)
        last = len(self.knots) - 1
        filled = np.where(missing, self.knots[0], values)
        if not self.continuous:
            cell = np.where(missing, last + 1, filled.astype(np.intp))
            return Place(cell, cell, np.zeros(len(values)))
        lower = np.clip(np.searchsorted(self.knots, filled, side="right") - 1, 0, last)
        upper = np.minimum(lower + 1, last)
        gap = self.knots[upper] - self.knots[lower]
        between = np.clip((filled - self.knots[lower]) / np.where(gap > 0, gap, 1.0), 0.0, 1.0)
        between = np.where(missing | (upper == lower), 0.0, between)
        return Place(np.where(missing, last + 1, lower), np.where(missing, last + 1, upper), between)

    def codes(self, values: Floats) -> Floats:
        """Return the nearest cell of (n,) values, NaN where missing: what trees are grown on."""
        place = self.place(values)
        nearest = np.where(place.between > 0.5, place.upper, place.lower).astype(np.float64)
        nearest[np.isnan(values)] = np.nan
        return nearest

    def weights(self, values: Floats) -> Floats:
        """Return the share (cells,) of known values that lies on each cell; it sums to one, and is 0 for missing."""
        place = self.place(values[~np.isnan(values)])
        share = np.bincount(place.lower, 1 - place.between, self.cells) + np.bincount(
            place.upper, place.between, self.cells
        )
        total = share.sum()
        if total == 0:
            share[:-1] = 1.0
            total = share.sum()
        normalised: Floats = share / total
        return normalised
