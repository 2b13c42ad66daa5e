"""One spelling for texts that mean the same to a model: used before training, inference and cache keys."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"'}
)
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\ufeff]+")


def normalise(text: str) -> str:
    """Return `text` in NFKC with one kind of quote and single spaces.

    >>> normalise("  L\u2019app\\n m\u2019a  d\u00e9bit\u00e9 ")
    "L'app m'a d\u00e9bit\u00e9"
    """
    return _SPACE_OR_CONTROL.sub(" ", unicodedata.normalize("NFKC", text).translate(_SAME)).strip()
