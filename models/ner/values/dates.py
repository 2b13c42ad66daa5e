"""Dates and periods: from `last month`, `12/03`, `mardi dernier` or `fin mars` to a first and a last day.

A grammar of small readers, tried in order on the expression in plain spelling with numbers in digits. Each file
beside this one holds the readers of one kind: `absolute_dates`, `relative_dates`, `named_dates`.
"""

from __future__ import annotations

import datetime as dt
import re

from rapidfuzz.distance import OSA

from models.contract import Language
from models.ner.contract import DateValue
from models.ner.values import absolute_dates, named_dates, relative_dates, relative_periods
from models.ner.values.calendar_words import HOLIDAYS, MONTHS, ORDINALS, RELATIVE_DAYS, SEASONS, UNITS, WEEKDAYS
from models.ner.values.context import DateContext
from models.ner.values.periods import Period
from models.ner.values.spelling import plain, with_digits

_READERS = (*absolute_dates.READERS, *relative_dates.READERS, *relative_periods.READERS, *named_dates.READERS)
_TIME = re.compile(
    r"(?:,? (?:at|around|about|vers|a) "
    r"(?:\d{1,2}(?:[:h.]\d{0,2})? ?(?:am|pm|h|heures?|o'clock)?|noon|midnight|midi|minuit)"
    r"|,? \d{1,2}(?::\d\d)? ?(?:am|pm)|,? \d{1,2} ?[h:] ?\d{2})$"
)
_PART_OF_DAY = re.compile(
    r"(?<=\w)(?: (?:in the |au |dans l'|a la |en )?(?:early |late )?"
    r"(?:mornings?|afternoons?|evenings?|nights?|nite|matin(?:ee)?|soir(?:ee)?|midi|nuit|apres midi|aprem))$"
)
_LEAD = re.compile(
    r"^(?:(?:the|le|la|les|l'|du|de la|de|des|d'|of|on|in|en|au|aux|since|depuis|from|by|until|till|before|after|"
    r"during|pendant|avant|apres|for|pour|ces|cours|cette fameuse|year|annee|fy|mois de|month of)\s+|l'|d')"
)
_WRITTEN_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th", "fifteenth": "15th",
    "twentieth": "20th", "thirtieth": "30th", "thirty first": "31st", "twenty first": "21st", "twenty second": "22nd",
    "twenty third": "23rd", "twenty fourth": "24th", "twenty fifth": "25th", "premier": "1er", "premiere": "1ere",
}  # fmt: skip
_ORDINAL = re.compile(rf"\b(?:{'|'.join(sorted(_WRITTEN_ORDINALS, key=len, reverse=True))})\b(?! (?:quarter|half))")


def read_date(
    span: str,
    language: Language,
    reference: dt.date,
    day_first: bool = False,
    forward: bool = False,
    since: bool = False,
) -> DateValue | None:
    """Return the day or period that `span` stands for.

    Parameters
    ----------
    reference: the day that `today` is.
    day_first: whether 12/03 is the 12th of March.
    forward: whether the sentence looks ahead, so that a bare `March` or `Friday` is the coming one.
    since: whether the expression stands after `since`, so that the period ends on the reference date.

    >>> read_date("last month", "en", dt.date(2026, 5, 14)).start.isoformat()
    '2026-04-01'
    """
    context = DateContext(language, reference, day_first, forward)
    written = plain(span).strip(" .,;:!?()\"'")
    try:
        found = _read(context, written) or _read(context, _corrected(written))
    except (ValueError, OverflowError):  # the 31st of February, the year 10,000
        return None
    if found is None or found.end < found.start:  # the 12th to the 3rd
        return None
    if since and found.start <= reference:
        return DateValue(start=found.start, end=reference)
    return DateValue(start=found.start, end=found.end)


def _read(context: DateContext, written: str) -> Period | None:
    for text in _spellings(written, context.language):
        for read in _READERS:
            if found := read(context, text):
                return found
    return None


_KNOWN_WORDS = frozenset(
    word
    for words in (MONTHS, WEEKDAYS, UNITS, SEASONS, RELATIVE_DAYS, HOLIDAYS, ORDINALS)
    for phrase in words
    for word in phrase.split()
) | {"last", "next", "this", "past", "dernier", "derniere", "derniers", "prochain", "prochaine", "passe", "ago"}


def _corrected(text: str) -> str:
    """Return `text` with each unknown word replaced by the only known one that a slip of the finger away."""
    return re.sub(r"[a-z']{3,}", lambda found: _nearest_word(found.group()), text)


def _nearest_word(word: str) -> str:
    if word in _KNOWN_WORDS or len(word) < 3:
        return word
    near = [known for known in _KNOWN_WORDS if abs(len(known) - len(word)) <= 1 and OSA.distance(word, known) == 1]
    near.sort(key=lambda known: (known[0] != word[0], known[-1] != word[-1], known))
    return near[0] if near else word


def _spellings(written: str, language: Language) -> list[str]:
    """Return the readings to try: as written, then with what says nothing of the day taken off."""
    tidy = _TIME.sub("", written)
    spoken = re.sub(r"(?<=[a-z])-|-(?=[a-z])", " ", tidy)
    spoken = with_digits(_ORDINAL.sub(lambda found: _WRITTEN_ORDINALS[found.group()], spoken), language)
    texts = [tidy, spoken]
    while (shorter := _LEAD.sub("", spoken)) != spoken:
        spoken = shorter
        texts.append(spoken)
    if (whole := _PART_OF_DAY.sub("", spoken)) != spoken:
        texts.append(whole)
    return list(dict.fromkeys(texts))
