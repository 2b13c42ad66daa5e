from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as iban_numbers
from stdnum import luhn

from models.contract import Language
from models.ner.patterns import find
from models.ner.tagging import Span
from tests.models.ner.texts import ANY_TEXT, CARD, IBAN, ODD

IBANS = {
    "French": "FR76 3000 6000 0112 3456 7890 189",
    "British": "GB29 NWBK 6016 1331 9268 19",
    "German": "DE89370400440532013000",
    "Norwegian, the shortest": "NO93 8601 1117 947",
    "Maltese, letters inside": "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "lower case": "fr76 3000 6000 0112 3456 7890 189",
    "hyphens": "DE89-3704-0044-0532-0130-00",
    "narrow spaces": "FR76\u202f3000\u202f6000\u202f0112\u202f3456\u202f7890\u202f189",
}
CARDS = {
    "Visa": "4242 4242 4242 4242",
    "Mastercard": "5555555555554444",
    "Mastercard, new numbers": "2223-0031-2200-3222",
    "American Express": "3782 822463 10005",
}


def spans(text: str, label: str, language: Language = "en", proven: bool | None = None) -> list[str]:
    """Return what is found of one label, without what lies inside another finding of it."""
    found = {each.span for each in find(text, language) if proven in (None, each.proven) and each.span.label == label}
    return [text[each.start : each.end] for each in sorted(found)]


@pytest.mark.parametrize("case", IBANS)
@pytest.mark.parametrize("text", ["{}", "to {} please", "IBAN:{}.", "({})", "pay {} 50 euros now", "{}\n{}"])
def test_an_iban_whose_digits_hold_is_proven(case: str, text: str):
    written = IBANS[case]
    assert spans(text.format(written, written), "IBAN", proven=True) == [written] * text.count("{}")


def test_an_iban_with_a_wrong_digit_is_found_to_its_countrys_length_and_not_proven():
    wrong = IBAN.replace("7890", "7891")
    assert spans(f"to {wrong} and then", "IBAN", proven=False) == [wrong]
    assert spans(f"to {wrong} and then", "IBAN", proven=True) == []


@pytest.mark.parametrize(
    "text", ["AB12 cdef", "ZZ76 3000 6000 0112 3456 7890 189", "order XX1234567890123", "x" + IBAN]
)
def test_what_is_no_iban_is_none(text: str):
    assert spans(text, "IBAN") == []


@pytest.mark.parametrize("case", CARDS)
def test_a_card_number_whose_check_digit_holds_is_proven(case: str):
    assert spans(f"block {CARDS[case]}, please", "CARD", proven=True) == [CARDS[case]]


def test_a_card_number_with_a_wrong_digit_is_not_proven():
    assert spans("block 4242 4242 4242 4241 please", "CARD", proven=False) == ["4242 4242 4242 4241"]
    assert spans("block 4242 4242 4242 4241 please", "CARD", proven=True) == []


@pytest.mark.parametrize("text", ["1234567890123", "0000 0000 0000 0000", "42424242424242424242", "4242 4242 4242.42"])
def test_a_long_number_of_something_else_is_no_card(text: str):
    assert spans(text, "CARD") == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("my card ending in 4242 was declined", "4242"),
        ("card ending 0007", "0007"),
        ("the visa that ends with 1881", "1881"),
        ("card, last four digits 9876", "9876"),
        ("card **** 4242", "4242"),
        ("ma carte se terminant par 4242", "4242"),
        ("carte finissant par 0123", "0123"),
        ("ma CB qui finit par 5521", "5521"),
        ("carte terminant par 8890 bloqu\u00e9e", "8890"),
    ],
)
def test_the_last_digits_of_a_card_are_found_alone(text: str, digits: str):
    assert spans(text, "CARD") == [digits]


@pytest.mark.parametrize(
    "text", ["card 42424", "ending in 4242", "my card was declined in 2024", "card. Ending in 4242"]
)
def test_four_digits_without_a_card_are_none(text: str):
    assert spans(text, "CARD") == []


@pytest.mark.parametrize(
    "address", ["paul@example.com", "p.o'neil+tag@mail.example.co.uk".replace("'", ""), "a_b-c@x-y.org", "9@b.io"]
)
@pytest.mark.parametrize("text", ["{}", "to {}.", "<{}>", "mailto:{},", "({})"])
def test_an_email_address_is_proven(text: str, address: str):
    assert spans(text.format(address), "EMAIL", proven=True) == [address]


@pytest.mark.parametrize("text", ["@paul", "paul@", "paul@example", "paul@@example.com", "a@b.1", "a @ b.com"])
def test_what_is_no_address_is_none(text: str):
    assert spans(text, "EMAIL") == []


@pytest.mark.parametrize(
    ("text", "language", "number", "proven"),
    [
        ("call +33 6 12 34 56 78 now", "en", "+33 6 12 34 56 78", True),
        ("call (+44 20 7946 0958)", "en", "+44 20 7946 0958", True),
        ("mon num\u00e9ro est le 06 12 34 56 78", "fr", "06 12 34 56 78", False),
        ("ring me on 020 7946 0958", "en", "020 7946 0958", False),
        ("text 212-555-0143 please", "en", "212-555-0143", False),
    ],
)
def test_a_telephone_number_is_found(text: str, language: Language, number: str, proven: bool):
    assert set(spans(text, "PHONE", language, proven)) == {number}


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("I paid $45.90 for it", "en", "$45.90"),
        ("that is 200 euros", "en", "200 euros"),
        ("it was 1 200,50 \u20ac hier", "fr", "1 200,50 \u20ac"),
        ("send 50 bucks", "en", "50 bucks"),
        ("environ 20 balles", "fr", "20 balles"),
        ("about 1.2k\u20ac", "en", "1.2k\u20ac"),
        ("pay 12\u20ac50 today", "fr", "12\u20ac50"),
        ("\u00a31,200.50.", "en", "\u00a31,200.50"),
        ("30 CHF", "en", "30 CHF"),
        ("3 millions d'euros", "fr", "3 millions d'euros"),
        ("$1.5 million!", "en", "$1.5 million"),
    ],
)
def test_money_with_its_sign_or_word_is_found(text: str, language: Language, amount: str):
    assert spans(text, "AMOUNT", language) == [amount]


@pytest.mark.parametrize("text", ["room 200", "2026", "v1.2.3", "10 eurostars", "a1$2b", "3 all day passes", "2 try"])
def test_a_bare_number_is_left_to_the_network(text: str):
    assert spans(text, "AMOUNT") == []


def test_a_currency_that_is_also_a_word_is_left_to_the_network():
    assert spans("j'ai achet\u00e9 3 livres", "AMOUNT", "fr") == []


@pytest.mark.parametrize(
    ("text", "language", "share"),
    [
        ("at 3.5% a year", "en", "3.5%"),
        ("at 3,5 % par an", "fr", "3,5 %"),
        ("12 percent", "en", "12 percent"),
        ("12 pour cent", "fr", "12 pour cent"),
        ("5 per cent.", "en", "5 per cent"),
    ],
)
def test_a_share_is_found(text: str, language: Language, share: str):
    assert spans(text, "PERCENT", language) == [share]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", ODD)
def test_odd_text_is_read(case: str, language: Language):
    for each in find(ODD[case], language):
        assert 0 <= each.span.start < each.span.end <= len(ODD[case])


@given(ANY_TEXT, st.sampled_from(["en", "fr"]))
def test_what_is_found_lies_in_the_text_and_has_no_spaces_around(text: str, language: Language):
    for each in find(text, language):
        assert 0 <= each.span.start < each.span.end <= len(text)
        span = text[each.span.start : each.span.end]
        assert span == span.strip()


@given(st.text("FRGBDE0123456789 -.", max_size=60), st.sampled_from(["en", "fr"]))
def test_what_is_proven_by_a_checksum_has_one_that_holds(text: str, language: Language):
    for each in find(f"{CARD} {text} {IBAN}", language):
        written = f"{CARD} {text} {IBAN}"[each.span.start : each.span.end]
        if each.proven and each.span.label == "CARD":
            assert luhn.is_valid(re.sub(r"\D", "", written))
        if each.proven and each.span.label == "IBAN":
            assert iban_numbers.is_valid(re.sub(r"\W", "", written), check_country=False)


def test_a_month_is_no_currency_behind_a_million():
    """ARS are Argentine pesos, and m is short for million."""
    assert find("le 8 mars", "fr") == []
    assert [each.span for each in find("8 m ARS", "fr")] == [Span(0, 7, "AMOUNT")]
