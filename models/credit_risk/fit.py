"""Fit the model that is served: trees and scorecard side by side, blended and calibrated on rows they did not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from models.credit_risk.additive import AdditiveModel, mixture
from models.credit_risk.boosting import MANY_ROWS, BoostedTrees, Growth, growths_for
from models.credit_risk.calibrate import calibrated_loss, choose_calibration, fit_line
from models.credit_risk.curve import Curve
from models.credit_risk.grid import Floats
from models.credit_risk.reference import Reference
from models.credit_risk.scorecard import ScorecardDesign, fit_scorecard
from models.credit_risk.specification import Feature

Labels = npt.NDArray[np.bool_]
Folds = list[npt.NDArray[np.bool_]]

_FOLDS = 5
_STRENGTHS = (1.0, 0.3, 0.1, 0.03, 0.01)
_SHARES = tuple(step / 10 for step in range(11))


@dataclass(frozen=True)
class Candidate:
    """A model of all rows, and the log-odds (n,) that its kind gives each row when fitted to others."""

    model: AdditiveModel
    held_out: Floats


@dataclass(frozen=True)
class Fitted:
    """A fitted model and how it came about.

    Attributes
    ----------
    served, scorecard: their log-odds calibrated by Platt's line. curve: what follows it in the served model.
    trees: in each member. members: of the boosted ensemble. share: of the scorecard in the blend. strength: of its fit.
    losses: cross-validated log loss on the training data of boosting, scorecard and blend.
    """

    served: AdditiveModel
    scorecard: AdditiveModel
    curve: Curve
    trees: int
    members: int
    share: float
    strength: float
    losses: dict[str, float]


def fit(
    features: Sequence[Feature], values: Floats, bad: Labels, seed: int, advance: Callable[[str], None] = lambda _: None
) -> Fitted:
    """Fit on (n, features) values, NaN where missing, and (n,) outcomes.

    Growth, number of trees, blend and calibration are chosen by what models say of rows they were not fitted to.
    """
    # Threads that wait for each other spin: on a busy machine two are many times slower than one.
    with threadpool_limits(1):
        return _fit(features, values, bad, seed, advance)


def steps_for(rows: int) -> int:
    """Return how often `fit` calls `advance`."""
    return _members(rows) * len(growths_for(rows))


def _members(rows: int) -> int:
    """Return how many members an ensemble has: of few rows each sees much less than all, and more of them are cheap."""
    return _FOLDS * (4 if rows < 2_000 else 2 if rows < 5_000 else 1)


def _fit(features: Sequence[Feature], values: Floats, bad: Labels, seed: int, advance: Callable[[str], None]) -> Fitted:
    reference = Reference.of(features, values)
    folds = _folds(bad, seed)
    tried = [_boost(features, reference, values, bad, folds, growth, seed, advance) for growth in growths_for(len(bad))]
    boosted, trees = min(tried, key=lambda each: calibrated_loss(each[0].held_out, bad))
    card, strength = _card(ScorecardDesign.of(features, reference), reference, values, bad, folds[:_FOLDS])

    def blended(share: float) -> Floats:
        return (1 - share) * boosted.held_out + share * card.held_out

    share = min(_SHARES, key=lambda each: calibrated_loss(blended(each), bad))
    line, curve = choose_calibration(blended(share), bad, seed)
    return Fitted(
        served=mixture([boosted.model, card.model], [1 - share, share]).scaled(*line),
        scorecard=card.model.scaled(*fit_line(card.held_out, bad)),
        curve=curve,
        trees=trees,
        members=len(folds),
        share=share,
        strength=strength,
        losses={
            "boosting": calibrated_loss(boosted.held_out, bad),
            "scorecard": calibrated_loss(card.held_out, bad),
            "blend": calibrated_loss(blended(share), bad),
        },
    )


def _folds(bad: Labels, seed: int) -> Folds:
    """Return masks of held-out rows; every five of them cover all rows."""
    folds: Folds = []
    for repeat in range(_members(len(bad)) // _FOLDS):
        for _, held_out in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed + repeat).split(bad, bad):
            mask = np.zeros(len(bad), dtype=np.bool_)
            mask[held_out] = True
            folds.append(mask)
    return folds


def _boost(
    features: Sequence[Feature],
    reference: Reference,
    values: Floats,
    bad: Labels,
    folds: Folds,
    growth: Growth,
    seed: int,
    advance: Callable[[str], None],
) -> tuple[Candidate, int]:
    """Return the mean of members that each leave out a fold, and how many trees each has."""
    codes = reference.codes(values)
    members = []
    for number, fold in enumerate(folds):
        member = BoostedTrees.grow(features, reference.axes, codes, bad, fold, growth, seed + number)
        advance(f"held-out log loss {member.losses.min():.4f}")
        members.append(member)
    shortest = min(len(member.losses) for member in members)
    trees = int(np.mean([member.losses[:shortest] for member in members], axis=0).argmin())
    models = [reference.finish(member.tables(trees)) for member in members]
    held_out = np.zeros(len(bad))
    for model, fold in zip(models, folds, strict=True):
        held_out[fold] += model.log_odds(values[fold]) * _FOLDS / len(folds)
    return Candidate(mixture(models, [1 / len(models)] * len(models)), held_out), trees


def _card(
    design: ScorecardDesign, reference: Reference, values: Floats, bad: Labels, folds: Folds
) -> tuple[Candidate, float]:
    """Return the scorecard of the strength that does best on held-out rows, and that strength."""
    columns = design.matrix(values)

    def held_out(strength: float) -> Floats:
        log_odds = np.zeros(len(bad))
        for fold in folds:
            model = design.model(*fit_scorecard(design, columns[~fold], bad[~fold], strength))
            log_odds[fold] = reference.finish(model).log_odds(values[fold])
        return log_odds

    strengths = _STRENGTHS if len(bad) < MANY_ROWS else _STRENGTHS[:1]
    tried = {strength: held_out(strength) for strength in strengths}
    best = min(tried, key=lambda strength: calibrated_loss(tried[strength], bad))
    return Candidate(reference.finish(design.model(*fit_scorecard(design, columns, bad, best))), tried[best]), best
