"""Numbers and addresses with a grammar of their own: cards, IBANs, telephone numbers, e-mail addresses."""

from __future__ import annotations

import re

import phonenumbers
from stdnum import iban as iban_numbers
from stdnum import luhn

from models.contract import Language
from models.ner.contract import CardValue, EmailValue, IbanValue, PhoneValue
from models.ner.values.spelling import with_digits

_NOT_DIGIT = re.compile(r"\D")
_FULL_CARD = range(12, 20)
_SPOKEN_ZERO = re.compile(r"\b(?:oh|o|zero|zéro)\b", re.IGNORECASE)


def read_card(span: str, language: Language) -> CardValue | None:
    """Return the last four digits, and for a full number whether its check digit (Luhn, ISO/IEC 7812) holds.

    >>> read_card("4242 4242 4242 4242", "en"), read_card("4242", "en")
    (CardValue(last4='4242', valid=True), CardValue(last4='4242', valid=None))
    """
    digits = _NOT_DIGIT.sub("", span) or _NOT_DIGIT.sub("", with_digits(_SPOKEN_ZERO.sub("0", span), language))
    if len(digits) < 4:
        return None
    return CardValue(last4=digits[-4:], valid=luhn.is_valid(digits) if len(digits) in _FULL_CARD else None)


def read_iban(span: str) -> IbanValue:
    """Return the number in compact form, and whether country, length and check digits (ISO 13616) hold; keys that
    countries put inside are not looked at.

    >>> read_iban("fr76 3000 6000 0112 3456 7890 189")
    IbanValue(iban='FR7630006000011234567890189', valid=True)
    """
    compact = re.sub(r"[\W_]", "", span).upper()
    return IbanValue(iban=compact, valid=iban_numbers.is_valid(compact, check_country=False))


def read_phone(span: str) -> PhoneValue:
    """Return E.164 for a number with its country, else null.

    >>> read_phone("+33 6 12 34 56 78"), read_phone("06 12 34 56 78")
    (PhoneValue(phone='+33612345678'), PhoneValue(phone=None))
    """
    written = re.sub(r"^\s*(?:\(?00\)?|\(\+)", "+", span)
    if not written.lstrip().startswith("+"):
        return PhoneValue(phone=None)
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return PhoneValue(phone=None)
    if not phonenumbers.is_possible_number(number):
        return PhoneValue(phone=None)
    return PhoneValue(phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(span: str) -> EmailValue:
    """Return the address as written."""
    return EmailValue(email=span.strip())
