"""Fit how sure an entity is, on validation data only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.calibration import fit_platt
from models.ner.dataset import Sentence
from models.ner.model import Decision, Tagger


def fit_decision(tagger: Tagger, labels: tuple[str, ...], validation: Sequence[Sentence]) -> Decision:
    """Return the decision whose scores say how often such an entity is exactly right."""
    found = tagger([each.text for each in validation])
    scores = np.array([one.score for spans in found for one in spans])
    pairs = zip(validation, found, strict=True)
    correct = np.array([one.span in set(each.spans) for each, spans in pairs for one in spans], dtype=np.bool_)
    if len(set(correct.tolist())) < 2:  # nothing to tell apart: the probability itself, roughly
        return Decision(labels, slope=4.0, intercept=4.0)
    slope, intercept = fit_platt(scores, correct)
    return Decision(labels, slope, intercept)
