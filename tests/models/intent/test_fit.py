from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax

from models.intent.fit import Fitted, fit_decision
from models.intent.model import Decision, Reading, decide
from models.intent.out_of_scope import METHODS

LABELS = ("a", "b", "c", "out_of_scope")
OUTLIER = 3


def reading(
    seed: int = 0, n: int = 60, network: float = 4.0, ngrams: float = 4.0, classes: int = 4
) -> tuple[Reading, np.ndarray]:
    """Return a reading and its labels; `network` and `ngrams` say how much each knows."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), n)
    truth = np.eye(classes)[labels]
    embeddings = np.eye(classes, 16)[labels] * network + generator.normal(0, 1, (len(labels), 16))
    return (
        Reading(
            (truth * network + generator.normal(0, 1, truth.shape)).astype(np.float32),
            embeddings.astype(np.float32),
            log_softmax(truth * ngrams + generator.normal(0, 1, truth.shape), axis=1).astype(np.float32),
        ),
        labels,
    )


def fit(outlier: int = OUTLIER, **knowledge: float) -> tuple[Fitted, Reading, np.ndarray]:
    classes = 4 if outlier >= 0 else 3
    training, training_labels = reading(1, classes=classes, **knowledge)
    validation, labels = reading(2, classes=classes, **knowledge)
    names = LABELS[:classes]
    return (
        fit_decision(names, training, training_labels, validation, labels, outlier, 256),
        validation,
        labels,
    )


def answers(fitted: Fitted, validation: Reading) -> np.ndarray:
    probabilities = decide(validation, fitted.detector, fitted.decision)
    refused = probabilities.out_of_scope > fitted.decision.threshold
    return np.where(refused, OUTLIER, probabilities.intents.argmax(1))


def test_it_answers_validation_queries():
    fitted, validation, labels = fit()
    assert (answers(fitted, validation) == labels).mean() > 0.95


def test_ngrams_that_know_nothing_get_no_share():
    assert fit(ngrams=0.0)[0].decision.blend == 0.0


def test_ngrams_that_know_all_get_the_largest_share():
    assert fit(network=0.0, ngrams=2.0)[0].decision.blend >= 0.6


def test_two_that_err_apart_are_blended():
    assert 0.1 < fit(network=2.0, ngrams=2.0)[0].decision.blend < 0.9


def test_every_method_is_compared_where_there_are_outliers():
    fitted, _, _ = fit()
    assert set(fitted.compared) == set(METHODS)
    assert fitted.compared[fitted.detector.method] == max(fitted.compared.values())


def test_without_outliers_one_known_query_in_twenty_is_refused():
    fitted, validation, _ = fit(outlier=-1)
    refused = decide(validation, fitted.detector, fitted.decision).out_of_scope > fitted.decision.threshold
    assert fitted.compared == {}
    assert fitted.decision.threshold == 0.5
    assert refused.mean() == pytest.approx(0.05, abs=0.01)


def test_without_outliers_no_column_is_taken_out():
    fitted, validation, labels = fit(outlier=-1)
    assert fitted.decision.outlier == -1
    assert decide(validation, fitted.detector, fitted.decision).intents.shape == (len(labels), 3)


@pytest.mark.parametrize("outlier", [OUTLIER, -1])
def test_probabilities_sum_to_one(outlier: int):
    fitted, validation, _ = fit(outlier)
    probabilities = decide(validation, fitted.detector, fitted.decision)
    assert np.allclose(probabilities.intents.sum(1) + probabilities.out_of_scope, 1, atol=1e-5)


def test_confidence_is_calibrated_on_new_queries():
    fitted, _, _ = fit(network=2.5, ngrams=2.5)
    new, labels = reading(3, n=500, network=2.5, ngrams=2.5)
    probabilities = decide(new, fitted.detector, fitted.decision)
    known = labels != OUTLIER
    best = probabilities.intents[known]
    assert best.max(1).mean() == pytest.approx((best.argmax(1) == labels[known]).mean(), abs=0.05)


def test_an_outlier_column_in_the_middle_is_fitted_as_well_as_the_last():
    order = [0, 3, 1, 2]
    training, training_labels = reading(1)
    validation, labels = reading(2)

    def moved(read: Reading) -> Reading:
        return Reading(read.logits[:, order], read.embeddings, read.ngrams[:, order])

    to_new = np.argsort(order)
    names = tuple(LABELS[column] for column in order)
    middle = fit_decision(names, moved(training), to_new[training_labels], moved(validation), to_new[labels], 1, 256)
    last, _, _ = fit()
    assert middle.decision.outlier == 1
    assert middle.decision.temperature == pytest.approx(last.decision.temperature, rel=1e-3)
    assert middle.decision.threshold == pytest.approx(last.decision.threshold)


@settings(max_examples=12)
@example(seed=0, knowledge=1.0)
@given(seed=st.integers(0, 10_000), knowledge=st.sampled_from([0.5, 1.0, 2.0, 3.0]))
def test_no_threshold_of_the_grid_is_right_more_often(seed: int, knowledge: float):
    training, training_labels = reading(seed, 20, knowledge, knowledge)
    validation, labels = reading(seed + 1, 8, knowledge, knowledge)
    fitted = fit_decision(LABELS, training, training_labels, validation, labels, OUTLIER, 256)

    def right(threshold: float) -> float:
        decision = Decision(**{**fitted.decision.__dict__, "threshold": threshold})
        return (answers(Fitted(decision, fitted.detector, {}), validation) == labels).mean()

    assert right(fitted.decision.threshold) == max(right(threshold) for threshold in np.linspace(0.2, 0.8, 61))


def test_the_same_readings_give_the_same_decision():
    assert fit()[0].decision == fit()[0].decision
