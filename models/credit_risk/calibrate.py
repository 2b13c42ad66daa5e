"""Calibrate log-odds on held-out rows: Platt's line, or an isotonic curve over it where that proves better."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import StratifiedKFold

from models.calibration import fit_platt
from models.credit_risk.curve import Curve
from models.credit_risk.grid import Floats

Labels = npt.NDArray[np.bool_]
Line = tuple[float, float]

_PRIOR = 5.0
"""Rows' worth of Platt's line in each step of the isotonic curve: a step of few rows is no certainty."""


def fit_line(log_odds: Floats, bad: Labels) -> Line:
    """Return slope and intercept of Platt's line; a model that ranks backwards is flattened, never turned round."""
    slope, intercept = fit_platt(log_odds, bad)
    if slope > 0:
        return slope, intercept
    return 0.0, float(logit((bad.sum() + 1) / (len(bad) + 2)))


def fit_curve(log_odds: Floats, bad: Labels) -> Curve:
    """Return the isotonic curve over log-odds that a line has calibrated. Zadrozny & Elkan, KDD 2002.

    Its steps become the knots of a continuous curve, so that no tiny change of an application makes a jump.
    """
    order = np.argsort(log_odds, kind="stable")
    ascending, outcome = log_odds[order], bad[order].astype(np.float64)
    step_of = np.unique(IsotonicRegression().fit_transform(ascending, outcome), return_inverse=True)[1]
    rows = np.bincount(step_of)
    middle = np.bincount(step_of, ascending) / rows
    share = (np.bincount(step_of, outcome) + _PRIOR * expit(middle)) / (rows + _PRIOR)
    return Curve(tuple(middle.tolist()), tuple(np.maximum.accumulate(logit(share)).tolist()))


def choose_calibration(log_odds: Floats, bad: Labels, seed: int) -> tuple[Line, Curve]:
    """Return Platt's line and the curve that follows it, an empty one unless isotonic is better.

    Better is a cross-validated log loss that is lower by more than its standard error.
    """
    gains = np.zeros(len(bad))
    for fitted, checked in StratifiedKFold(5, shuffle=True, random_state=seed).split(log_odds, bad):
        slope, intercept = fit_line(log_odds[fitted], bad[fitted])
        straight = slope * log_odds + intercept
        curved = fit_curve(straight[fitted], bad[fitted]).apply(straight[checked])
        gains[checked] = log_losses(straight[checked], bad[checked]) - log_losses(curved, bad[checked])
    line = fit_line(log_odds, bad)
    if gains.mean() <= gains.std() / np.sqrt(len(gains)):
        return line, Curve()
    return line, fit_curve(line[0] * log_odds + line[1], bad)


def log_losses(log_odds: Floats, bad: Labels) -> Floats:
    """Return the log loss (n,) of each row."""
    losses: Floats = np.logaddexp(0, np.where(bad, -log_odds, log_odds))
    return losses


def calibrated_loss(log_odds: Floats, bad: Labels) -> float:
    """Return the mean log loss that the best line over log-odds has."""
    slope, intercept = fit_line(log_odds, bad)
    return float(log_losses(slope * log_odds + intercept, bad).mean())
