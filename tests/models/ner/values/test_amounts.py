from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Language
from models.ner.values.amounts import read_amount, read_percent

LANGUAGES = st.sampled_from(["en", "fr"])
CENTS = st.integers(0, 10**9)


def amount(span: str, language: Language = "en") -> tuple[Decimal, str | None] | None:
    found = read_amount(span, language)
    return (Decimal(found.amount), found.currency) if found else None


@pytest.mark.parametrize(
    ("span", "language", "number", "currency"),
    [
        ("1 200,50 \u20ac", "fr", "1200.50", "EUR"),
        ("1\u202f200,50\u00a0\u20ac", "fr", "1200.50", "EUR"),
        ("$1,200.50", "en", "1200.50", "USD"),
        ("50 bucks", "en", "50", "USD"),
        ("20 balles", "fr", "20", "EUR"),
        ("1.2k\u20ac", "en", "1200", "EUR"),
        ("200", "en", "200", None),
        ("deux cents euros", "fr", "200", "EUR"),
        ("fifty quid", "en", "50", "GBP"),
        ("12\u20ac50", "fr", "12.50", "EUR"),
        ("3 euros 50", "fr", "3.50", "EUR"),
        ("50 cents", "en", "0.50", None),
        ("0.5 c", "en", "0.005", None),
        ("50 Australian dollars", "en", "50", "AUD"),
        ("1,00,000 rupees", "en", "100000", "INR"),
        ("CHF 1'200.50", "fr", "1200.50", "CHF"),
    ],
)
def test_the_ways_of_writing_money(span: str, language: Language, number: str, currency: str | None):
    found = amount(span, language)
    assert found is not None
    assert found[0] == Decimal(number)
    if "c" not in span.split()[-1][:1]:
        assert found[1] == currency


@pytest.mark.parametrize("span", ["", " ", "dollars", "\u20ac", "\x00", "to Paul"])
def test_without_a_number_there_is_no_amount(span: str):
    assert read_amount(span, "en") is None


@given(CENTS)
def test_english_and_french_spellings_of_a_number_mean_the_same(cents: int):
    number = Decimal(cents) / 100
    english = f"{number:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")
    assert amount(f"${english}") == (number, "USD")
    assert amount(f"{french} \u20ac", "fr") == (number, "EUR")
    assert amount(f"{french.replace(',', '.')} \u20ac", "fr") == (number, "EUR")


@given(st.integers(0, 999_999), LANGUAGES)
def test_whole_numbers_are_read_as_they_stand(number: int, language: Language):
    assert amount(f"{number} \u20ac", language) == (Decimal(number), "EUR")
    assert amount(str(number), language) == (Decimal(number), None)


@given(st.integers(1, 10**60))
def test_a_number_of_any_size_is_written_out(number: int):
    for span in (f"{number} dollars", f"{number} cents", f"{number}k\u20ac", f"{number} million"):
        found = read_amount(span, "en")
        assert found is not None
        assert set(found.amount) <= set("0123456789.")


@pytest.mark.parametrize("language", ["en", "fr"])
@given(span=st.text(max_size=60) | st.text("0123456789 .,'\u20ac$\u00a3kMc%\u066b\u0665\u00bd-", max_size=20))
def test_any_text_is_read_or_is_none(language: Language, span: str):
    for found in (read_amount(span, language), read_percent(span, language)):
        if found is not None:
            assert Decimal(next(iter(found.model_dump().values()))).is_finite()


@pytest.mark.parametrize(
    ("span", "language", "percent"),
    [
        ("3.5%", "en", "3.5"),
        ("3,5 %", "fr", "3.5"),
        ("12 pour cent", "fr", "12"),
        ("twelve percent", "en", "12"),
        ("0,125 %", "fr", "0.125"),
        ("25 basis points", "en", "0.25"),
        ("two and a half percent", "en", "2.5"),
        ("-2%", "en", "-2"),
        ("100%", "en", "100"),
    ],
)
def test_the_ways_of_writing_a_share(span: str, language: Language, percent: str):
    found = read_percent(span, language)
    assert found is not None
    assert Decimal(found.percent) == Decimal(percent)


@given(st.integers(0, 100_000))
def test_every_share_of_three_decimals_is_read(thousandths: int):
    number = Decimal(thousandths) / 1000
    for span, language in ((f"{number}%", "en"), (f"{number} %".replace(".", ","), "fr")):
        found = read_percent(span, language)
        assert found is not None
        assert Decimal(found.percent) == number
