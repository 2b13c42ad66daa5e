"""Gradient boosted trees under the specification's constraints, and the tables they are equal to.

No branch of a tree asks about more than two features, so a leaf is a rectangle in a table of two, and a sum of trees
is a sum of tables: Lou et al., "Accurate intelligible models with pairwise interactions", 2013.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from models.credit_risk.additive import AdditiveModel, Pair
from models.credit_risk.grid import Axis, Floats
from models.credit_risk.specification import Feature

Labels = npt.NDArray[np.bool_]
Cells = npt.NDArray[np.bool_]
Levels = Mapping[int, npt.NDArray[np.intp]]

MANY_ROWS = 20_000
"""Loans from which little is left to gain from small steps and averages, and much time to lose."""


@dataclass(frozen=True)
class Growth:
    """How trees are grown; names as in scikit-learn."""

    learning_rate: float
    max_iter: int
    max_leaf_nodes: int
    max_depth: int
    min_samples_leaf: int
    l2_regularization: float
    max_features: float
    patience: int = 40


def growths_for(rows: int) -> tuple[Growth, ...]:
    """Return the settings worth trying on a portfolio of this size: gentle ones, eager ones, or both."""
    gentle = Growth(0.06, 400, 16, 5, 8, 2.0, 0.1)
    eager = Growth(0.08, 600, 12, 4, max(20, rows // 1_000), 5.0, 0.5)
    return (gentle, eager) if rows < MANY_ROWS else (eager,)


class BoostedTrees:
    """Trees grown on one part of a portfolio while another part tells when more of them stop helping."""

    def __init__(
        self, classifier: HistGradientBoostingClassifier, axes: Sequence[Axis], columns: Sequence[int], levels: Levels
    ) -> None:
        self._classifier = classifier
        self._axes = tuple(axes)
        self._columns = tuple(columns)
        self._levels = levels

    @classmethod
    def grow(
        cls,
        features: Sequence[Feature],
        axes: Sequence[Axis],
        codes: Floats,
        bad: Labels,
        held_out: npt.NDArray[np.bool_],
        growth: Growth,
        seed: int,
    ) -> BoostedTrees:
        """Grow on the rows that are not held out. codes: (n, features) cells, NaN where missing."""
        classifier = HistGradientBoostingClassifier(
            learning_rate=growth.learning_rate,
            max_iter=growth.max_iter,
            max_leaf_nodes=growth.max_leaf_nodes,
            max_depth=growth.max_depth,
            min_samples_leaf=growth.min_samples_leaf,
            l2_regularization=growth.l2_regularization,
            max_features=growth.max_features,
            categorical_features=[not feature.ordered for feature in features],
            monotonic_cst=[feature.direction for feature in features],
            interaction_cst="pairwise" if len(features) > 1 else None,
            early_stopping=True,
            n_iter_no_change=growth.patience,
            scoring="loss",
            tol=0.0,
            random_state=seed,
        )
        grown_on = codes[~held_out]
        classifier.fit(grown_on, bad[~held_out], X_val=codes[held_out], y_val=bad[held_out])
        # Inside, scikit-learn puts categories first and numbers those it sees without gaps.
        columns = sorted(range(len(features)), key=lambda j: features[j].ordered)
        levels = {
            j: np.unique(grown_on[~np.isnan(grown_on[:, j]), j]).astype(np.intp)
            for j, feature in enumerate(features)
            if not feature.ordered
        }
        return cls(classifier, axes, columns, levels)

    @property
    def losses(self) -> Floats:
        """Log loss on the held-out rows after 0, 1, … trees."""
        return -np.asarray(self._classifier.validation_score_)

    def tables(self, trees: int) -> AdditiveModel:
        """Return the first `trees` trees as an additive model: the same log-odds on every cell."""
        main = [np.zeros(axis.cells) for axis in self._axes]
        pairs: dict[Pair, Floats] = {}
        for [tree] in self._classifier._predictors[:trees]:
            for region, value in self._leaves(tree, 0, {}):
                match sorted(region):
                    case []:
                        main[0] += value
                    case [j]:
                        main[j][region[j]] += value
                    case [j, k]:
                        shape = (self._axes[j].cells, self._axes[k].cells)
                        table = pairs.setdefault((j, k), np.zeros(shape))
                        table[np.ix_(region[j], region[k])] += value
                    case _:
                        raise AssertionError("a branch asks about three features")
        baseline = float(self._classifier._baseline_prediction[0, 0])
        return AdditiveModel(self._axes, baseline, tuple(main), pairs)

    def _leaves(self, tree: Any, index: int, region: dict[int, Cells]) -> Iterator[tuple[dict[int, Cells], float]]:
        """Yield for each leaf below a node which cells of which features lead there, and its value."""
        node = tree.nodes[index]
        if node["is_leaf"]:
            yield region, float(node["value"])
            return
        j = self._columns[int(node["feature_idx"])]
        left = self._goes_left(tree, node, j)
        inside = region.get(j, np.ones(len(left), dtype=bool))
        yield from self._leaves(tree, int(node["left"]), {**region, j: inside & left})
        yield from self._leaves(tree, int(node["right"]), {**region, j: inside & ~left})

    def _goes_left(self, tree: Any, node: np.void, j: int) -> Cells:
        """Return which cells of feature j a split sends to the left."""
        missing = bool(node["missing_go_to_left"])
        left = np.full(self._axes[j].cells, missing)
        if node["is_categorical"]:
            levels = self._levels[j]
            words, places = tree.raw_left_cat_bitsets[node["bitset_idx"]], np.arange(len(levels))
            left[levels] = (words[places // 32] >> (places % 32).astype(np.uint32)) & 1 == 1
        else:
            left[:-1] = np.arange(len(left) - 1) <= node["num_threshold"]
        return left
