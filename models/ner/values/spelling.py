"""One spelling for expressions that mean the same: lower case, no accents, numbers in digits."""

from __future__ import annotations

import re
import unicodedata

from text_to_num import alpha2digit

from models.contract import Language

_TWO = re.compile(r"\b(?:two|deux)\b")  # text2num leaves numbers below three as words
_SPACES = re.compile(r"\s+")
_MARKS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2013": "-", "\u2014": "-", "\u2011": "-"})


def plain(text: str) -> str:
    """Return `text` in lower case, without accents, with single spaces and one kind of apostrophe and hyphen.

    >>> plain("  Début\\u202f Février ")
    'debut fevrier'
    """
    folded = unicodedata.normalize("NFKD", text.translate(_MARKS).lower())
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return _SPACES.sub(" ", letters).strip()


def with_digits(text: str, language: Language) -> str:
    """Return `text` with written numbers from two up in digits. One is left: in French it is also the article.

    >>> with_digits("quatre-vingt-dix euros", "fr"), with_digits("twenty two days ago", "en")
    ('90 euros', '22 days ago')
    """
    return _TWO.sub("2", alpha2digit(text, language))
