"""Words that point from the reference date: last, next, this; and counts of units."""

from __future__ import annotations

import re

from models.ner.values.calendar_words import UNITS
from models.ner.values.context import alternatives

_PAST = "last|this past|past|previous|prior|derniere?s?|passee?s?|precedente?s?|ecoulee?s?|d'avant"
_COMING = (
    "next|coming|following|upcoming|prochaine?s?|pro|suivante?s?|a venir|qui viennent|qui vient|qui arrive|d'apres"
)
_THIS = "this|current|so far this|ce|cet|cette|courante?|en cours|ci"

BEFORE = f"(?P<which>{_PAST}|{_COMING}|{_THIS})"
"""Such a word before its unit."""
AFTER = f"(?P<which>{_PAST}|{_COMING}|en cours|courante?|ci)"
"""Such a word after its unit."""

UNIT = f"(?P<unit>{alternatives(UNITS)})"

_COUNTS = {
    **dict.fromkeys(("a", "an", "un", "une", "one"), 1),
    **dict.fromkeys(("a couple", "a couple of", "couple", "couple of"), 2),
    **dict.fromkeys(("a few", "few", "quelques", "several"), 3),
    **dict.fromkeys(("une quinzaine de",), 15),
    "une dizaine de": 10,
}
COUNT = rf"(?P<count>\d{{1,4}}|{alternatives(_COUNTS)})"


def shift(which: str) -> int:
    """Return -1 for a word that points back, 1 for one that points ahead, 0 for `this`.

    >>> shift("dernier"), shift("next"), shift("cette")
    (-1, 1, 0)
    """
    if re.fullmatch(_PAST, which):
        return -1
    return 1 if re.fullmatch(_COMING, which) else 0


def count_of(written: str) -> int:
    """Return the number that a match of COUNT stands for."""
    return int(written) if written.isdecimal() else _COUNTS[written]
