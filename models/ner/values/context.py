"""What a date expression is read against."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.contract import Language
from models.ner.values.periods import Period


@dataclass(frozen=True)
class DateContext:
    """See `read_date` for the meaning of each."""

    language: Language
    reference: dt.date
    day_first: bool
    forward: bool


Reader = Callable[[DateContext, str], Period | None]
Handler = Callable[[DateContext, re.Match[str]], Period | None]


def reader(pattern: str, handler: Handler) -> Reader:
    """Return a reader that takes the whole of a text by a regular expression."""
    compiled = re.compile(pattern)

    def read(context: DateContext, text: str) -> Period | None:
        found = compiled.fullmatch(text)
        return handler(context, found) if found else None

    return read


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression of any of some words, longest first.

    >>> alternatives(["mar", "march"])
    'march|mar'
    """

    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
