from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Language
from models.ner.contract import LABELS
from models.ner.values.resolve import Sentence, resolve
from tests.models.ner.texts import ANY_TEXT, IBAN, ODD

WEDNESDAY = dt.date(2026, 3, 18)


def value(label: str, text: str, span: str, language: Language = "en") -> dict[str, Any] | None:
    start = text.index(span)
    found = resolve(label, start, start + len(span), Sentence(text, language, WEDNESDAY))
    return found.model_dump(mode="json") if found else None


@pytest.mark.parametrize(
    ("label", "span", "expected"),
    [
        ("AMOUNT", "1,200.50 euros", {"amount": "1200.50", "currency": "EUR"}),
        ("PERCENT", "3.5%", {"percent": "3.5"}),
        ("DATE", "yesterday", {"start": "2026-03-17", "end": "2026-03-17"}),
        ("MERCHANT", "Uber Eats", {"name": "Uber Eats"}),
        ("PERSON", "Marie Dupont", {"name": "Marie Dupont"}),
        ("LOCATION", "Spain", {"name": "Spain"}),
        ("CATEGORY", "groceries", {"category": "groceries"}),
        ("ACCOUNT", "joint account", {"account": "joint"}),
        ("CARD", "4242", {"last4": "4242", "valid": None}),
        ("IBAN", IBAN, {"iban": IBAN.replace(" ", ""), "valid": True}),
        ("EMAIL", "p@x.org", {"email": "p@x.org"}),
        ("PHONE", "+33 6 12 34 56 78", {"phone": "+33612345678"}),
        ("HAMSTER", "Rex", None),
    ],
)
def test_every_label_has_its_value(label: str, span: str, expected: dict[str, Any] | None):
    assert value(label, f"about {span}, thanks", span) == expected


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("le paiement du 12/03", "fr", "2026-03-12"),
        ("I paid \u00a350 on 12/03", "en", "2026-03-12"),
        ("I paid $50 on 12/03", "en", "2025-12-03"),
        ("what happened on 12/03", "en", "2025-12-03"),
        ("50 euros on 12/03", "en", "2026-03-12"),
    ],
)
def test_the_money_of_an_english_sentence_says_which_number_is_the_day(text: str, language: Language, day: str):
    assert value("DATE", text, "12/03", language) == {"start": day, "end": day}


@pytest.mark.parametrize(
    ("text", "language", "span", "start", "end"),
    [
        ("what did I spend since January", "en", "January", "2026-01-01", "2026-03-18"),
        ("mes d\u00e9penses depuis janvier", "fr", "janvier", "2026-01-01", "2026-03-18"),
        ("depuis le 3 mars", "fr", "3 mars", "2026-03-03", "2026-03-18"),
        ("since the 3rd of March", "en", "3rd of March", "2026-03-03", "2026-03-18"),
        ("depuis l'an dernier", "fr", "an dernier", "2025-01-01", "2026-03-18"),
        ("what did I spend in January", "en", "January", "2026-01-01", "2026-01-31"),
    ],
)
def test_since_is_read_before_the_span(text: str, language: Language, span: str, start: str, end: str):
    assert value("DATE", text, span, language) == {"start": start, "end": end}


@pytest.mark.parametrize(
    ("text", "language", "span", "day"),
    [
        ("remind me on Friday", "en", "Friday", "2026-03-20"),
        ("I spent a lot on Friday", "en", "Friday", "2026-03-13"),
        ("pay it by Friday", "en", "Friday", "2026-03-20"),
        ("vire 50 euros vendredi", "fr", "vendredi", "2026-03-20"),
        ("combien j'ai d\u00e9pens\u00e9 vendredi", "fr", "vendredi", "2026-03-13"),
    ],
)
def test_the_sentence_says_whether_a_bare_day_is_past_or_to_come(text: str, language: Language, span: str, day: str):
    assert value("DATE", text, span, language) == {"start": day, "end": day}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", ODD)
def test_odd_text_has_a_value_or_none(case: str, language: Language):
    text = ODD[case][:5000]
    for label in LABELS:
        resolve(label, 0, len(text), Sentence(text, language, WEDNESDAY))
        resolve(label, 0, min(len(text), 150), Sentence(text, language, WEDNESDAY))


@pytest.mark.parametrize("label", ["AMOUNT", "DATE", "CATEGORY"])
def test_what_is_longer_than_any_expression_has_no_value(label: str):
    """Reading it would take minutes."""
    span = "2025 groceries 50 euros " * 200
    assert resolve(label, 0, len(span), Sentence(span, "en", WEDNESDAY)) is None


@given(text=ANY_TEXT, ends=st.tuples(st.integers(0, 5000), st.integers(1, 80)), label=st.sampled_from(LABELS))
def test_any_span_has_a_value_or_none(text: str, ends: tuple[int, int], label: str):
    start = min(ends[0], len(text) - 1)
    resolve(label, start, min(len(text), start + ends[1]), Sentence(text, "fr", WEDNESDAY))
