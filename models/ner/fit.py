"""Fit how readily a word is taken for nothing, and how sure an entity is. Validation data only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.calibration import fit_platt
from models.ner.dataset import Sentence
from models.ner.evaluate import Found, micro_f1
from models.ner.model import Decision, Tagger

_OUTSIDE = tuple(round(step / 4, 2) for step in range(-12, 5))


def fit_decision(tagger: Tagger, validation: Sequence[Sentence]) -> Decision:
    """Return the decision with the best F1, whose scores say how often such an entity is exactly right.

    Data that marks names thinly makes a network shy; how far it should be drawn out only labelled data can tell.
    """
    readings = tagger.read([each.text for each in validation])

    def found(outside: float) -> list[Found]:
        spans = (tuple(tagger.entities(reading, outside)) for reading in readings)
        return [Found(*pair) for pair in zip(validation, spans, strict=True)]

    f1 = [micro_f1(found(outside)) for outside in _OUTSIDE]
    # Neighbours have a say: the best of a few hundred sentences may be a stroke of luck.
    smooth = np.convolve(np.pad(f1, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    outside = _OUTSIDE[int(smooth.argmax())]
    answered = [(one.score, one.span in set(each.sentence.spans)) for each in found(outside) for one in each.spans]
    scores = np.array([score for score, _ in answered])
    correct = np.array([right for _, right in answered], dtype=np.bool_)
    if len(set(correct.tolist())) < 2:  # nothing to tell apart: the probability itself, roughly
        return Decision(tagger.tags.labels, outside, slope=4.0, intercept=4.0)
    slope, intercept = fit_platt(scores, correct)
    return Decision(tagger.tags.labels, outside, slope, intercept)
