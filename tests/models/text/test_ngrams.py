from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from models.text.ngrams import NgramModel, ngrams

TEXTS = [
    *("show my balance", "what is my balance", "balance of the account", "how much balance is left"),
    *("block the card", "my card is stolen", "i lost the card", "freeze my stolen card"),
    *("send money to anna", "transfer money to my brother", "wire the money over", "send a transfer to anna"),
]
LABELS = np.repeat([0, 1, 2], 4)


@pytest.fixture(scope="module")
def model() -> NgramModel:
    return NgramModel.fit(TEXTS, LABELS)


@given(st.text())
def test_ngrams_are_the_same_each_time(text: str):
    assert list(ngrams(text)) == list(ngrams(text))


@given(st.text())
def test_ngrams_do_not_know_composed_from_decomposed(text: str):
    plain, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert list(ngrams(plain)) == list(ngrams(decomposed))


def test_ngrams_do_not_know_case_and_accents():
    assert list(ngrams("D\u00c9BIT\u00c9 \u00e0 No\u00ebl")) == list(ngrams("debite a noel"))


def test_ngrams_of_two_words():
    assert list(ngrams("ab c")) == [
        "=ab",
        "=c",
        "=ab=c",
        *(" a", "ab", "b "),
        *(" ab", "ab "),
        " ab ",
        *(" c", "c "),
        " c ",
    ]


@pytest.mark.parametrize("text", ["", " ", "?!", "\U0001f600"])
def test_text_without_words_has_none(text: str):
    assert list(ngrams(text)) == []


def test_it_learns_what_it_is_shown(model: NgramModel):
    assert model.log_probabilities(TEXTS).argmax(1).tolist() == LABELS.tolist()


def test_it_places_unseen_text_by_its_words(model: NgramModel):
    unseen = ["is there any balance", "cards were stolen", "transfers to anna please"]
    assert model.log_probabilities(unseen).argmax(1).tolist() == [0, 1, 2]


def test_two_classes_have_two_columns():
    model = NgramModel.fit(TEXTS[:8], LABELS[:8])
    assert model.log_probabilities(TEXTS[:8]).argmax(1).tolist() == LABELS[:8].tolist()


def test_two_classes_are_as_sure_as_scikit_learn_is():
    from sklearn.linear_model import LogisticRegression

    model = NgramModel.fit(TEXTS[:8], LABELS[:8])
    matrix = np.zeros((8, len(model.vocabulary)))
    for row, text in enumerate(TEXTS[:8]):
        known, values = model._features(text)
        matrix[row, known] = values
    theirs = LogisticRegression(C=10.0, max_iter=40).fit(matrix, LABELS[:8]).predict_proba(matrix)
    assert np.allclose(np.exp(model.log_probabilities(TEXTS[:8])), theirs, atol=1e-3)


@given(st.lists(st.text(), max_size=5))
def test_probabilities_sum_to_one_for_any_text(model: NgramModel, texts: list[str]):
    assert np.allclose(logsumexp(model.log_probabilities(texts), axis=1), 0, atol=1e-5)


@given(st.lists(st.text(), max_size=5))
def test_a_text_has_the_same_probabilities_alone(model: NgramModel, texts: list[str]):
    together = model.log_probabilities(texts)
    assert all(
        np.array_equal(model.log_probabilities([text])[0], row) for text, row in zip(texts, together, strict=True)
    )


def test_ngrams_of_one_text_only_are_left_out(model: NgramModel):
    assert "=brother" not in model.vocabulary
    assert "=anna" in model.vocabulary


def test_the_same_texts_give_the_same_weights(model: NgramModel):
    again = NgramModel.fit(TEXTS, LABELS)
    assert again.vocabulary == model.vocabulary
    assert np.array_equal(again.weights, model.weights)


def test_saved_and_loaded_it_answers_the_same(model: NgramModel, tmp_path: Path):
    model.save(tmp_path)
    loaded = NgramModel.load(tmp_path)
    assert loaded.vocabulary == model.vocabulary
    assert np.allclose(loaded.log_probabilities(TEXTS), model.log_probabilities(TEXTS), atol=0.01)


def test_saved_twice_it_is_the_same_file(model: NgramModel, tmp_path: Path):
    files = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        NgramModel.fit(TEXTS, LABELS).save(tmp_path / name)
        files.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert files[0] == files[1]
