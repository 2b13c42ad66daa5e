from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from models.contract import Language
from models.ner.contract import CardValue, EmailValue, IbanValue
from models.ner.values.identifiers import read_card, read_email, read_iban, read_phone
from tests.models.ner.texts import CARD, IBAN

DIGITS = st.text("0123456789", min_size=4, max_size=19)


@pytest.mark.parametrize(
    ("span", "language", "last4", "valid"),
    [
        (CARD, "en", "4242", True),
        ("4242-4242-4242-4241", "en", "4241", False),
        ("378282246310005", "fr", "0005", True),
        ("4242", "en", "4242", None),
        ("0007", "fr", "0007", None),
        ("four two four two", "en", "4242", None),
    ],
)
def test_cards(span: str, language: Language, last4: str, valid: bool | None):
    assert read_card(span, language) == CardValue(last4=last4, valid=valid)


@pytest.mark.parametrize("span", ["", "42", "my card", "\x00"])
def test_fewer_than_four_digits_are_no_card(span: str):
    assert read_card(span, "en") is None


@given(DIGITS)
def test_a_card_is_never_told_in_full(digits: str):
    value = read_card(digits, "en")
    assert value is not None
    assert value.last4 == digits[-4:]
    assert value.valid == (luhn.is_valid(digits) if len(digits) >= 12 else None)


@given(st.text("0123456789", min_size=11, max_size=18), st.sampled_from(["", " ", "-", "\u202f"]))
def test_exactly_one_check_digit_holds(digits: str, mark: str):
    valid = [read_card(mark.join(f"{digits}{check}"), "en") for check in range(10)]
    assert sum(bool(value and value.valid) for value in valid) == 1


def test_an_iban_is_compact_and_upper_case():
    assert read_iban("fr76 3000-6000\u202f0112 3456 7890 189") == IbanValue(iban=IBAN.replace(" ", ""), valid=True)


@given(st.integers(4, 26), st.sampled_from("0123456789"))
def test_an_iban_with_another_digit_does_not_hold(place: int, digit: str):
    compact = IBAN.replace(" ", "")
    changed = f"{compact[:place]}{digit}{compact[place + 1 :]}"
    assert read_iban(changed) == IbanValue(iban=changed, valid=changed == compact)


@pytest.mark.parametrize("span", ["FR76", IBAN[:-1], IBAN + "0", "XX" + IBAN[2:], ""])
def test_what_is_too_short_too_long_or_of_no_country_does_not_hold(span: str):
    assert read_iban(span).valid is False


@pytest.mark.parametrize(
    ("span", "phone"),
    [
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("(+44) 20 7946 0958", "+442079460958"),
        ("+1 (212) 555-0143", "+12125550143"),
        ("06 12 34 56 78", None),
        ("212-555-0143", None),
        ("+999 123", None),
        ("+", None),
        ("call me", None),
        ("", None),
    ],
)
def test_telephone_numbers_with_their_country_are_e164(span: str, phone: str | None):
    assert read_phone(span).phone == phone


@pytest.mark.parametrize("region", ["FR", "GB", "US", "DE", "SN", "MA", "IN", "BE"])
@pytest.mark.parametrize("shape", ["E164", "INTERNATIONAL"])
def test_an_example_of_every_country_is_read(region: str, shape: str):
    number = phonenumbers.example_number(region)
    written = phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, shape))
    assert read_phone(written).phone == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_an_address_is_as_it_was_written():
    assert read_email(" Paul@Example.com ") == EmailValue(email="Paul@Example.com")


@given(st.text(max_size=60) | st.text("+0123456789 ()-.FRabo\u0665\uff15\u00b2", max_size=40))
def test_any_text_is_read(span: str):
    read_iban(span)
    read_email(span)
    phone = read_phone(span).phone
    assert phone is None or phone.startswith("+")
    for language in ("en", "fr"):
        card = read_card(span, language)
        assert card is None or len(card.last4) == 4
