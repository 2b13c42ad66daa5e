"""Money: from `1 200,50 €`, `$1.2k`, `fifty quid` or `3 euros 50` to a decimal number and a currency."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from models.contract import Language
from models.ner.contract import AmountValue, PercentValue
from models.ner.values.currencies import HUNDREDTHS, currency_words
from models.ner.values.numbers import NUMBER, plain_decimal, read_number
from models.ner.values.spelling import plain, with_digits

_MULTIPLIERS = {
    "k": 1000, "grand": 1000, "thousand": 1000, "mille": 1000, "millier": 1000, "milliers": 1000, "m": 10**6,
    "mn": 10**6, "mio": 10**6, "mil": 10**6, "million": 10**6, "millions": 10**6, "bn": 10**9, "md": 10**9,
    "mrd": 10**9, "billion": 10**9, "billions": 10**9, "milliard": 10**9, "milliards": 10**9, "hundred": 100,
    "cent": 100, "centaine": 100, "centaines": 100, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
}  # fmt: skip
_NUMBER = re.compile(rf"(?:(?<![\w.,])[.,])?{NUMBER}")
_TIMES = re.compile(rf"\s*(?:de |of )?({'|'.join(sorted(_MULTIPLIERS, key=len, reverse=True))})(?![a-z])")
_BIG = r"(?=(?:million|milliard|thousand|millier|billion|grand|hundred|k\b))"
_TENS = {"diz": 10, "quinz": 15, "vingt": 20, "trent": 30, "quarant": 40, "cinquant": 50, "soixant": 60, "cent": 100}


def _tens(found: re.Match[str]) -> str:
    return f"{_TENS[found[1]]} "


_SAID: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"\b(?:(?:a|one) )?quarter (?:of )?(?:a )?{_BIG}|\bun quart de {_BIG}"), "0.25 "),
    (re.compile(rf"\b(?:half (?:an? )?|(?:un |une )?demie?[ -]){_BIG}"), "0.5 "),
    (re.compile(rf"\b(?:a )?couple (?:of )?{_BIG}"), "2 "),
    (re.compile(r"\b(?:a )?couple (?:of )?"), "2 "),
    (re.compile(rf" (?:and a half|et demie?) {_BIG}"), " point five "),
    (re.compile(r"\b(?:une )?(diz|quinz|vingt|trent|quarant|cinquant|soixant|cent)aines? (?:d'|de )?"), _tens),
    (re.compile(r"\bmille\b(?= euros et)"), "1000"),
    (re.compile(r"^(?:an?|one|une?) (?=[a-z]*(?:hundred|thousand|million|billion|milliard|millier|cent\b))"), ""),
    (re.compile(r"^(?:an?|one|une?) (?=[a-z])|^(?=(?:fiver|tenner|millier)\b)"), "1 "),
)
_NOTES = {"fiver": 5, "fivers": 5, "tenner": 10, "tenners": 10}
_SLIPS = {
    **dict.fromkeys(("dollers", "dolars", "dollar's", "doller", "dolar", "dolalrs", "dollras"), "dollars"),
    **dict.fromkeys(("punds", "pouds", "pounts", "poundes"), "pounds"),
    **dict.fromkeys(("uros", "eurso", "euors", "euos", "auros", "euroes", "eurros"), "euros"),
}
_DIGIT = re.compile(r"\d")


def read_amount(span: str, language: Language) -> AmountValue | None:
    """Return the money that `span` stands for.

    >>> read_amount("1 200,50 €", "fr")
    AmountValue(amount='1200.50', currency='EUR')
    >>> read_amount("fifty quid", "en")
    AmountValue(amount='50', currency='GBP')
    """
    text = _in_digits(plain(span), language)
    found = list(_NUMBER.finditer(text))
    number = read_number(found[0].group()) if found else None
    if number is None:
        return None
    end = found[0].end()
    while (times := _TIMES.match(text, end)) and not (times[1] == "cent" and language == "en"):
        number, end = number * _MULTIPLIERS[times[1]], times.end()
    if re.search(r"\b(?:and a half|et demie?)\b", text):
        number += Decimal("0.50")
    word, currency = _currency(f"{text[: found[0].start()]} {text[end:]}".strip(), language)
    number *= _NOTES.get(word, 1)
    if len(found) > 1 and currency is not None:
        number += _hundredths(found[1].group())
    elif word in HUNDREDTHS:
        number = number.scaleb(-2)
    return AmountValue(amount=plain_decimal(number), currency=currency)


def _in_digits(text: str, language: Language) -> str:
    """Return `text` with its numbers in digits, apart from the words beside them: `1.2k€` becomes `1.2 k€`."""
    text = re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text).lstrip("-\u2212~ ")
    if _DIGIT.search(text):
        return text
    for pattern, said in _SAID:
        text = pattern.sub(said, text)
    return re.sub(r"(?<=\d) (?=\.5)", "", text if re.match(r"[\d.]", text) else with_digits(text, language))


def read_percent(span: str, language: Language) -> PercentValue | None:
    """Return the share that `span` stands for.

    >>> read_percent("trois virgule cinq pour cent", "fr"), read_percent("0.125%", "en")
    (PercentValue(percent='3.5'), PercentValue(percent='0.125'))
    """
    text = _in_digits(plain(span), language)
    found = _NUMBER.search(text)
    number = read_number(found.group(), money=False) if found else None
    if number is None:
        halves = re.match(r"half|(?:un )?demi", text)
        return PercentValue(percent="0.5") if halves else None
    if re.search(r"\b(?:and a half|et demie?)\b", text):
        number += Decimal("0.5")
    if re.search(r"\b(?:bps?|basis points?|points? de base)\b", text):
        number /= 100
    return PercentValue(percent=plain_decimal(-number if span.lstrip().startswith(("-", "\u2212")) else number))


def _hundredths(digits: str) -> Decimal:
    return Decimal(digits).scaleb(-2) if digits.isdecimal() and len(digits) <= 2 else Decimal(0)


def _currency(rest: str, language: Language) -> tuple[str, str | None]:
    """Return the word for a currency in what stands beside the number, and its code."""
    rest = re.sub(r"[a-z]{4,}", lambda found: _SLIPS.get(found.group(), found.group()), rest)
    best = max(_currency_pattern(language).finditer(rest), key=lambda found: len(found.group()), default=None)
    if best is None:
        return "", None
    return best.group(), currency_words(language)[best.group()]


@lru_cache(maxsize=2)
def _currency_pattern(language: Language) -> re.Pattern[str]:
    words = sorted(currency_words(language), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, words))})(?![^\W\d_])")
