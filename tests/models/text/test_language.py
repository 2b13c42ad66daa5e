from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.intent.dataset import load_corpus
from models.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is my balance?", "en"),
        ("I lost my card yesterday", "en"),
        ("please cancel my subscription", "en"),
        ("Quel est mon solde ?", "fr"),
        ("j'ai perdu ma carte hier", "fr"),
        ("annulez mon abonnement s'il vous pla\u00eet", "fr"),
    ],
)
def test_sentences(text: str, language: str):
    assert detect_language(text) == language


@given(st.text())
def test_any_text_is_one_of_the_two(text: str):
    assert detect_language(text) in {"en", "fr"}


@given(st.text())
def test_a_text_has_the_same_language_each_time(text: str):
    assert detect_language(text) == detect_language(text)


@pytest.mark.parametrize(
    "text", ["Das ist mein Konto und ich will Geld", "\u4f60\u597d", "", "   ", "123", "\U0001f600"]
)
def test_what_is_neither_is_still_one_of_the_two(text: str):
    assert detect_language(text) in {"en", "fr"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_right_on_nearly_all_of_the_corpus(language: str):
    queries = [query for query in load_corpus() if query.split == "test" and query.language == language]
    right = sum(detect_language(query.text) == language for query in queries)
    assert right / len(queries) > 0.95
