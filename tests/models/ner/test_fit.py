from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.calibration import expected_calibration_error, platt
from models.ner.dataset import Sentence
from models.ner.fit import fit_decision
from models.ner.merge import Scored
from models.ner.model import NerModel, Reading
from models.ner.tagging import Span, Tags
from models.ner.words import Words
from tests.models.ner.examples import sentences


class Noisy:
    """Tags a text of single letters: `a` is an A, but for `noise` of the time; shy or bold by `bias`."""

    def __init__(self, noise: float, bias: float = 0.0, seed: int = 0) -> None:
        self.tags = Tags(["A"])
        self._noise, self._bias = noise, bias
        self._generator = np.random.default_rng(seed)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [self._reading(text) for text in texts]

    def entities(self, reading: Reading, outside: float) -> list[Scored]:
        logits = reading.logits + np.array([outside, 0, 0])
        scores = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        return [
            Scored(Span(place, place + 1, "A"), float(row[1])) for place, row in enumerate(scores) if row.argmax() == 1
        ]

    def _reading(self, text: str) -> Reading:
        starts = np.arange(len(text))
        strength = np.array([2.0 if each == "a" else -2.0 for each in text])
        strength += self._generator.normal(0, 4 * self._noise, len(text))
        logits = np.stack([np.full(len(text), self._bias), strength, np.full(len(text), -20.0)], axis=1)
        return Reading(Words(starts, starts + 1, [], np.zeros((len(text), 2), dtype=np.intp)), logits)


def texts(count: int, seed: int) -> list[Sentence]:
    generator = np.random.default_rng(seed)
    drawn = ["".join(generator.choice(["a", "b", "b"], 8)) for _ in range(count)]
    spans = [tuple(Span(at, at + 1, "A") for at, each in enumerate(text) if each == "a") for text in drawn]
    return [Sentence(text, each, "en") for text, each in zip(drawn, spans, strict=True)]


def test_scores_say_how_often_an_entity_is_right():
    decision = fit_decision(Noisy(0.5), texts(400, 1))
    new, tagger = texts(2000, 2), Noisy(0.5, seed=9)
    found = [tagger.entities(reading, decision.outside) for reading in tagger.read([each.text for each in new])]
    scores = np.array([each.score for spans in found for each in spans])
    right = np.array([each.span in set(one.spans) for one, spans in zip(new, found, strict=True) for each in spans])
    assert 0.5 < right.mean() < 0.99
    assert expected_calibration_error(platt(scores, decision.slope, decision.intercept), right) < 0.08


@pytest.mark.parametrize(("bias", "sign"), [(2.5, -1), (-2.5, 1)])
def test_a_shy_network_is_drawn_out_and_a_bold_one_held_back(bias: float, sign: int):
    assert sign * fit_decision(Noisy(0.5, bias), texts(400, 1)).outside > 0.5


def test_a_surer_tag_gets_a_higher_score():
    assert fit_decision(Noisy(0.5), texts(400, 1)).slope > 0


def test_without_errors_scores_are_high_and_no_certainty(tiny: NerModel):
    decision = fit_decision(tiny.tagger, sentences())
    score = platt(np.array([-0.05]), decision.slope, decision.intercept)[0]
    assert 0.9 < score < 1


@pytest.mark.parametrize("validation", [[], [Sentence("\x00", (), "en")], [Sentence("hello", (), "en")]])
def test_without_entities_there_is_a_decision_too(tiny: NerModel, validation: list[Sentence]):
    decision = fit_decision(tiny.tagger, validation)
    assert np.isfinite([decision.slope, decision.intercept, decision.outside]).all()


def test_the_labels_are_those_of_the_tagger(tiny: NerModel):
    assert fit_decision(tiny.tagger, sentences()[:8]).labels == tiny.tagger.tags.labels
