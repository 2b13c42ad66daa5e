from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Language
from models.ner.values.spelling import plain, with_digits


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("D\u00c9BUT  F\u00e9vrier ", "debut fevrier"),
        ("aujourd\u2019hui", "aujourd'hui"),
        ("1\u202f200", "1 200"),
        ("week\u2011end", "week-end"),
        ("cafe\u0301", "cafe"),
        ("\uff15\uff10 \u20ac", "50 \u20ac"),
    ],
)
def test_spellings_of_the_same_are_the_same(text: str, spelling: str):
    assert plain(text) == spelling


@given(st.text(max_size=60))
def test_plain_spelling_is_plain(text: str):
    assert plain(text) == plain(text).strip()
    assert "  " not in plain(text)


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("twenty two", "en", "22"),
        ("two hundred", "en", "200"),
        ("deux", "fr", "2"),
        ("soixante-dix-sept", "fr", "77"),
        ("septante", "fr", "70"),
        ("one", "en", "one"),
        ("un euro", "fr", "un euro"),
    ],
)
def test_written_numbers_are_read(text: str, language: Language, digits: str):
    assert with_digits(text, language) == digits


@given(st.text(max_size=60), st.sampled_from(["en", "fr"]))
def test_any_text_is_read(text: str, language: Language):
    assert isinstance(with_digits(plain(text), language), str)
