from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.normalise import normalise


@given(st.text())
def test_it_is_idempotent(text: str):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_the_result_has_single_inner_spaces_only(text: str):
    assert normalise(text) == " ".join(normalise(text).split())


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["Cc", "Zs", "Zl", "Zp"])))
def test_space_and_control_characters_alone_become_nothing(text: str):
    assert normalise(text) == ""


@given(st.text())
def test_no_control_character_survives(text: str):
    assert not [each for each in normalise(text) if unicodedata.category(each) == "Cc"]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_ascii_keeps_its_words(text: str):
    assert normalise(text).split() == text.split()


@given(st.text())
def test_composed_and_decomposed_spellings_become_one(text: str):
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("quote", "\u2019\u2018\u02bc'")
def test_apostrophes_become_one_kind(quote: str):
    assert normalise(f"l{quote}app") == "l'app"


@pytest.mark.parametrize("pair", ["\u201c\u201d", "\u00ab\u00bb", '""'])
def test_double_quotes_become_one_kind(pair: str):
    assert normalise(f"{pair[0]}hi{pair[1]}") == '"hi"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\uff21\uff22\uff23", "ABC"),
        ("1\u00a0000\u202f\u20ac", "1 000 \u20ac"),
        ("a\u200bb", "a b"),
        ("\ufeffhello", "hello"),
        ("a\x00b", "a b"),
        ("one\r\n\ttwo", "one two"),
        ("", ""),
    ],
)
def test_examples(text: str, expected: str):
    assert normalise(text) == expected


@pytest.mark.parametrize("emoji", ["\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f"])
def test_emoji_stay_whole(emoji: str):
    assert normalise(f" {emoji} ") == emoji


def test_case_and_accents_are_kept():
    assert normalise("\u00c9t\u00e9 \u00e0 NICE") == "\u00c9t\u00e9 \u00e0 NICE"
