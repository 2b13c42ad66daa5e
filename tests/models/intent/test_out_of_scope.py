from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.intent.out_of_scope import METHODS, Method, OutOfScope, methods_for

HIDDEN, CLASSES = 12, 4
OUTLIER = 3


def world(n: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return embeddings, logits and labels: three tight classes, and outliers nowhere near them."""
    generator = np.random.default_rng(seed)
    centres = np.eye(CLASSES, HIDDEN) * 6
    labels = np.repeat(np.arange(CLASSES), n)
    embeddings = centres[labels] + generator.normal(0, 1, (len(labels), HIDDEN))
    outside = labels == OUTLIER
    embeddings[outside] = generator.normal(0, 4, (outside.sum(), HIDDEN)) + np.eye(1, HIDDEN, 7) * 6
    logits = embeddings[:, :CLASSES] + np.where(outside[:, None], np.array([-3, -3, -3, 3]), 0)
    return embeddings.astype(np.float32), logits.astype(np.float32), labels


def scores(method: Method, outlier: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, OutOfScope]:
    embeddings, _, labels = world()
    kept = labels != OUTLIER if outlier < 0 else labels >= 0
    detector = OutOfScope.fit(method, embeddings[kept], labels[kept], outlier)
    new, logits, truth = world(seed=seed)
    return detector.score(logits, logits, new), truth == OUTLIER, detector


@pytest.mark.parametrize("method", METHODS)
def test_with_an_outlier_class_each_method_finds_strangers(method: Method):
    score, strange, _ = scores(method, OUTLIER)
    assert roc_auc_score(strange, score) > 0.9


@pytest.mark.parametrize("method", ["class_means", "nearest_neighbours"])
def test_without_an_outlier_class_distances_find_strangers(method: Method):
    score, strange, _ = scores(method, -1)
    assert roc_auc_score(strange, score) > 0.9


def test_an_outlier_class_is_asked_only_where_there_is_one():
    assert methods_for(3) == METHODS
    assert methods_for(0) == METHODS
    assert "outlier_class" not in methods_for(-1)


@pytest.mark.parametrize("method", METHODS)
def test_a_score_is_the_same_alone(method: Method):
    embeddings, logits, labels = world()
    detector = OutOfScope.fit(method, embeddings, labels, OUTLIER)
    alone = [detector.score(logits[[row]], logits[[row]], embeddings[[row]])[0] for row in range(10)]
    assert np.allclose(alone, detector.score(logits, logits, embeddings)[:10], atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_saved_and_loaded_it_scores_the_same(method: Method, tmp_path: Path):
    embeddings, logits, _ = world(seed=2)
    _, _, detector = scores(method, OUTLIER)
    detector.save(tmp_path / "detector.npz")
    loaded = OutOfScope.load(tmp_path / "detector.npz")
    assert (loaded.method, loaded.outlier) == (method, OUTLIER)
    assert np.allclose(
        loaded.score(logits, logits, embeddings), detector.score(logits, logits, embeddings), atol=2e-3, rtol=1e-3
    )


@pytest.mark.parametrize("outlier", [0, 1, 2])
def test_the_outlier_class_may_be_any_column(outlier: int):
    embeddings, logits, labels = world()
    moved = (labels + outlier + 1) % CLASSES
    rolled = np.roll(logits, outlier + 1, axis=1)
    for method in METHODS:
        here = OutOfScope.fit(method, embeddings, moved, outlier).score(rolled, rolled, embeddings)
        there = OutOfScope.fit(method, embeddings, labels, OUTLIER).score(logits, logits, embeddings)
        assert np.allclose(here, there, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2])
def test_a_handful_of_training_queries_is_enough(method: Method, n: int):
    embeddings, _, labels = world(n)
    new, logits, _ = world(seed=1)
    detector = OutOfScope.fit(method, embeddings, labels, OUTLIER)
    assert np.isfinite(detector.score(logits, logits, new)).all()


@pytest.mark.parametrize("outlier", [-1, OUTLIER])
def test_energy_is_higher_where_known_logits_are_lower(outlier: int):
    logits = np.array([[5, 0, 0, 9], [1, 0, 0, 9]], dtype=np.float32)
    detector = OutOfScope.fit("energy", logits, np.arange(2), outlier)
    low, high = detector.score(logits[:, :3] if outlier < 0 else logits, logits, logits)
    assert low < high
