"""Entities that a grammar or a checksum finds without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from stdnum import iban as iban_numbers
from stdnum import luhn

from models.contract import Language
from models.ner.tagging import Span
from models.ner.values.currencies import currency_words
from models.ner.values.numbers import NUMBER


@dataclass(frozen=True)
class Found:
    """A span that a pattern found; `proven` where a checksum or a numbering plan says that it is what it looks like."""

    span: Span
    proven: bool


_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ \u00a0\u202f.-]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS = range(15, 35)
_CARD = re.compile(r"(?<![\w.,+])\d(?:[ \u00a0\u202f-]?\d){12,18}(?!\d)(?![.,]\d)")
_CARD_START = re.compile(r"3[0-9]|4|5[0-9]|6|2[2-7]")
"""First digits of payment card networks (ISO/IEC 7812); others are numbers of something else."""
_LAST_DIGITS = re.compile(
    r"(?:card|carte|cb|visa|mastercard|amex)\b[^.\n\d]{0,40}?"
    r"(?:end(?:ing|s)?(?: in| with)?|finish(?:ing|es)?(?: in| with)?|last (?:4|four)(?: digits)?(?: are| is|:)?|"
    r"finissant par|finit par|termin(?:ant|e|ée)(?: par| en)|se terminant par|n°|no\.?|[x*•.]{2,})[ :]*(\d{4})(?!\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]*\w@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}(?![\w@])")
_SEVEN_DIGITS = re.compile(r"(?:\d\D{0,3}){7}")
_REGIONS: dict[Language, tuple[str, ...]] = {"en": ("GB", "US"), "fr": ("FR",)}
_PERCENT = re.compile(
    rf"(?<!\d){NUMBER}\s?(?:%|percent\b|per cent\b|pct\b|pour ?cents?\b|p\.?c\.?(?=\s))", re.IGNORECASE
)

_ALSO_WORDS = "all bob boules cop livre livres mad mur pen real reais rub try won wons"
"""Currencies that are everyday words too: only the sentence tells them apart, so they are left to the network."""


def find(text: str, language: Language) -> list[Found]:
    """Return what the patterns find; the findings may overlap."""
    if not any(each.isdecimal() or each == "@" for each in text):
        return []
    return [*_ibans(text), *_cards(text), *_emails(text), *_phones(text, language), *_money(text, language)]


def _ibans(text: str) -> Iterator[Found]:
    for found in _IBAN.finditer(text):
        # The expression may run on into the next word: the longest start of it that holds is the number.
        ends = [at for at in range(found.end(), found.start() + 14, -1) if text[at - 1].isalnum()]
        valid = next((end for end in ends if _is_iban(text[found.start() : end])), None)
        if valid is not None:
            yield Found(Span(found.start(), valid, "IBAN"), proven=True)
        elif end := _by_country(text, found.start(), found.end()):
            yield Found(Span(found.start(), end, "IBAN"), proven=False)


def _is_iban(written: str) -> bool:
    return bool(iban_numbers.is_valid(re.sub(r"[\W_]", "", written), check_country=False))


def _by_country(text: str, start: int, end: int) -> int | None:
    """Return where a number of its country's length ends, though its check digits are wrong."""
    length = _country_lengths().get(text[start : start + 2].upper())
    seen = 0
    for at in range(start, end):
        seen += text[at].isalnum()
        if seen == length:
            return at + 1
    return None


@lru_cache(maxsize=1)
def _country_lengths() -> dict[str, int]:
    import stdnum.numdb

    lengths: dict[str, int] = {}
    for first in map(chr, range(65, 91)):
        for second in map(chr, range(65, 91)):
            info = stdnum.numdb.get("iban").info(first + second)[0][1]
            if "bban" in info:
                lengths[first + second] = 4 + sum(map(int, re.findall(r"\d+", info["bban"])))
    return lengths


def _cards(text: str) -> Iterator[Found]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if _CARD_START.match(digits):
            yield Found(Span(found.start(), found.end(), "CARD"), proven=bool(luhn.is_valid(digits)))
    for found in _LAST_DIGITS.finditer(text):
        yield Found(Span(*found.span(1), "CARD"), proven=False)


def _emails(text: str) -> Iterator[Found]:
    for found in _EMAIL.finditer(text):
        yield Found(Span(found.start(), found.end(), "EMAIL"), proven=True)


_MOST_TRIES = 200
"""Runs of digits that may turn out to be no telephone number: each costs a search through the rest of the text."""


def _phones(text: str, language: Language) -> Iterator[Found]:
    if not _SEVEN_DIGITS.search(text):
        return
    regions: tuple[str | None, ...] = (None, *_REGIONS[language])
    for region in regions:
        for found in phonenumbers.PhoneNumberMatcher(text, region, max_tries=_MOST_TRIES):
            start = found.start + (found.raw_string.startswith("(+"))  # a bracket of the sentence's, not the number's
            yield Found(Span(start, found.end, "PHONE"), proven=text[start] == "+")


def _money(text: str, language: Language) -> Iterator[Found]:
    for found in _PERCENT.finditer(text):
        yield Found(Span(found.start(), found.end(), "PERCENT"), proven=False)
    for found in _amount(language).finditer(text):
        yield Found(Span(found.start(), found.end(), "AMOUNT"), proven=False)


@lru_cache(maxsize=2)
def _amount(language: Language) -> re.Pattern[str]:
    known = currency_words(language).keys() - set(_ALSO_WORDS.split())
    words = [word for word in known if len(word) > 2 or not word.isalpha()]
    signs = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if not word[-1].isalpha())
    names = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word[-1].isalpha())
    # Followed by no letter: "8 mars" is no eight million Argentine pesos (ARS).
    times = r"(?:\s?(?:k|m|mn|bn|thousand|million|billion|mille|millions?|milliards?)(?![^\W\d_]))?"
    return re.compile(
        rf"(?<![\w.,])(?:(?:{signs})\s?{NUMBER}{times}(?![^\W\d_])"
        rf"|{NUMBER}{times}\s?(?:€\d\d(?!\d)|(?:{signs})(?!\s?\d)|(?:d'|de )?(?:{names})(?![^\W_])))",
        re.IGNORECASE,
    )
