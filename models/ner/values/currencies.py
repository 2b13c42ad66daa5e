"""Currencies by the signs and words people use for them. Names are CLDR's, through Babel; signs and slang are added."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.numbers import get_currency_name

from models.contract import Language
from models.ner.values.spelling import plain

_SPOKEN = Path(__file__).parent.parent / "lists" / "currencies.tsv"
"""Language (- for signs, which have none), word in plain spelling, ISO 4217 code."""
_CODES = """
AED ALL ARS AUD BDT BGN BHD BOB BRL BWP CAD CDF CHF CLP CNY COP CZK DKK DOP DZD EGP ETB EUR GBP GHS GNF HKD HTG HUF
IDR ILS INR ISK JMD JOD JPY KES KHR KRW KZT LBP LKR KWD MAD MGA MUR MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR
RON RSD RUB RWF SAR SEK SGD THB TND TRY TWD TZS UAH UGX UZS USD UYU VND XAF XOF XPF ZAR ZMW
"""

HUNDREDTHS = frozenset(
    ("c", "¢", "cent", "cents", "pence", "penny", "p", "centime", "centimes", "cts", "centimes d'euro", "cents d'euro")
)
"""Words that count hundredths of their currency."""


@lru_cache(maxsize=2)
def currency_words(language: Language) -> dict[str, str]:
    """Return ISO codes by sign, code, name and slang word, all in plain spelling."""
    words: dict[str, str] = {}
    for code in _CODES.split():
        names = {Locale(language).currencies[code], *(get_currency_name(code, n, language) for n in (1, 2))}
        words |= {plain(name): code for name in names} | {code.lower(): code}
    rows = (line.split("\t") for line in _SPOKEN.read_text(encoding="utf-8").splitlines())
    return words | {word: code for tongue, word, code in rows if tongue in ("-", language)}
