"""Kinds of spending and of accounts: from `eating out`, `courses` or `Livret A` to their canonical names."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import cast

from rapidfuzz import fuzz, process

from models.contract import Language
from models.ner.contract import AccountKind, AccountValue, CategoryValue
from models.ner.values.spelling import plain

_LISTS = Path(__file__).parent.parent / "lists"
_ARTICLE = re.compile(
    r"^(?:(?:the|my|our|your|an?|le|la|les|mon|ma|mes|nos|notre|du|de la|des)\s+|(?:de )?l'\s*|d'\s*)"
)
_ALIKE = 86.0
"""Similarity, of 100, above which a misspelt expression is taken for a known one."""


def read_category(span: str, language: Language) -> CategoryValue | None:
    """Return the canonical kind of spending, None for an expression that is like none of the list.

    >>> read_category("eating out", "en"), read_category("Courses", "fr")
    (CategoryValue(category='restaurants'), CategoryValue(category='groceries'))
    """
    found = _look_up("categories", span, language)
    return CategoryValue(category=found) if found else None


def read_account(span: str, language: Language) -> AccountValue | None:
    """Return the kind of account.

    >>> read_account("Livret A", "fr"), read_account("joint account", "en")
    (AccountValue(account='savings'), AccountValue(account='joint'))
    """
    found = _look_up("accounts", span, language)
    return AccountValue(account=cast(AccountKind, found)) if found else None


def _look_up(name: str, span: str, language: Language) -> str | None:
    """Return the canonical name of the expression, of some of its words, or of what it resembles."""
    known = _expressions(name)
    text = _bare(span)
    for words in _parts(text, _longest(name)):
        for tongue in (language, "fr" if language == "en" else "en"):
            for form in (words, words.removesuffix("s"), f"{words}s"):
                if found := known.get((tongue, form)):
                    return found
    names = [expression for tongue, expression in known if tongue == language]
    best = process.extractOne(text, names, scorer=fuzz.ratio, score_cutoff=_ALIKE) if len(text) > 3 else None
    return known[language, best[0]] if best else None


def _bare(span: str) -> str:
    """Return the expression in plain spelling, without hyphens and article."""
    return _ARTICLE.sub("", re.sub(r"[-_/]", " ", plain(span)))


def _parts(text: str, longest: int) -> list[str]:
    """Return the runs of at most `longest` words, long ones first, and of those the last: `weekly grocery shopping`
    is told by some of its words."""
    words = text.split()
    size = len(words)
    lengths = range(min(size, longest), 0, -1)
    spans = [" ".join(words[at : at + n]) for n in lengths for at in range(size - n, -1, -1)]
    return [span for span in spans if len(span) > 2 or size == 1]


@lru_cache(maxsize=2)
def _longest(name: str) -> int:
    """Return the number of words of the longest known expression."""
    return max(len(expression.split()) for _, expression in _expressions(name))


@lru_cache(maxsize=2)
def _expressions(name: str) -> dict[tuple[str, str], str]:
    rows = (line.split("\t") for line in (_LISTS / f"{name}.tsv").read_text(encoding="utf-8").splitlines())
    return {(language, _bare(expression)): kind for language, expression, kind in rows}
