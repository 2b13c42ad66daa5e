"""Variants of training sentences: other names in the same places, and the ways in which people really type.

Names are drawn from lists far longer than the corpus, so that the network learns the places where names stand, not
the names.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from models.contract import Language
from models.ner.dataset import Sentence
from models.ner.names import LISTS, all_names, own_list
from models.ner.tagging import Span

_SWAPPED = {"MERCHANT": 0.6, "PERSON": 0.7, "LOCATION": 0.6, "CATEGORY": 0.35, "ACCOUNT": 0.35}
_ALIASES = {
    **dict.fromkeys(("PER", "PERSON", "PERS"), "PERSON"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "GEO-LOC", "PLACE", "CITY", "COUNTRY"), "LOCATION"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION", "CORPORATION", "COMPANY", "MERCHANT"), "MERCHANT"),
}
"""What other label sets call the names we have lists of."""
_EXPRESSIONS = {"AMOUNT": "amounts.tsv", "DATE": "dates.tsv"}
_EXPRESSION_SWAPPED = 0.2
_DIGITS_SWAPPED = ("AMOUNT", "CARD", "IBAN", "PHONE", "PERCENT", "DATE")
_LOWERED, _UPPERED, _UNACCENTED, _UNPUNCTUATED, _MISTYPED, _JOINED = 0.22, 0.03, 0.12, 0.15, 0.10, 0.12
_LEAD = re.compile(r"(?:the|an?|le|la|les|l'|l\u2019|ces|du|un|une)\b", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[.,!?;:]+(?=\s|$)")

Part = tuple[str, str | None]
"""A stretch of text and the label of its entity, None outside."""


def variants(sentences: Sequence[Sentence], copies: int, seed: int) -> list[Sentence]:
    """Return the sentences and `copies` - 1 variants of each; equal for equal seeds."""
    generator = random.Random(seed)
    made = list(sentences)
    for _ in range(copies - 1):
        made += [_variant(each, sentences, generator) for each in sentences]
    return made


def _variant(sentence: Sentence, others: Sequence[Sentence], generator: random.Random) -> Sentence:
    parts = [_swapped(part, sentence.language, generator) for part in _parts(sentence)]
    if generator.random() < _JOINED:
        other = generator.choice(others)
        parts += [(generator.choice((" ", "\n", ". ", " - ")), None), *_parts(other)]
    if generator.random() < _UNPUNCTUATED:
        parts = [(text if label else _PUNCTUATION.sub("", text), label) for text, label in parts]
    if generator.random() < _MISTYPED:
        at = generator.randrange(len(parts))
        parts[at] = (_mistyped(parts[at][0], generator), parts[at][1])
    if generator.random() < _UNACCENTED:
        parts = [(_unaccented(text), label) for text, label in parts]
    style = generator.random()
    if style < _LOWERED:
        parts = [(text.lower(), label) for text, label in parts]
    elif style < _LOWERED + _UPPERED:
        parts = [(text.upper(), label) for text, label in parts]
    return _assembled(parts, sentence)


def _parts(sentence: Sentence) -> list[Part]:
    parts: list[Part] = []
    done = 0
    for span in sentence.spans:
        parts += [(sentence.text[done : span.start], None), (sentence.text[span.start : span.end], span.label)]
        done = span.end
    return [(text, label) for text, label in [*parts, (sentence.text[done:], None)] if text]


def _assembled(parts: Sequence[Part], like: Sentence) -> Sentence:
    text, spans = "", []
    for part, label in parts:
        if label and part:
            spans.append(Span(len(text), len(text) + len(part), label))
        text += part
    return Sentence(text, tuple(spans), like.language, like.volume, like.split)


def _swapped(part: Part, language: Language, generator: random.Random) -> Part:
    text, label = part
    kind = _ALIASES.get(label.upper(), label) if label else None
    if kind in _EXPRESSIONS and generator.random() < _EXPRESSION_SWAPPED:
        return _written_like(text, generator.choice(_expressions(kind, language))), label
    if kind in _DIGITS_SWAPPED and generator.random() < 0.5:
        return _other_digits(text, keep=2 if kind == "DATE" else 0, generator=generator), label
    if kind not in _SWAPPED or generator.random() > _SWAPPED[kind]:
        return part
    match kind:
        case "PERSON":
            name = _person(text, generator)
        case "CATEGORY" | "ACCOUNT":
            name = generator.choice(_kinds(kind, language))
        case "MERCHANT":
            name = generator.choice(own_list("merchants"))
        case _:
            name = generator.choice(own_list("places") if generator.random() < 0.5 else all_names().places)
    return _written_like(text, name), label


def _written_like(text: str, name: str) -> str:
    """Return `name` in capitals or in small letters where `text` is: that is the writer's habit, not the name's."""
    return name.lower() if text.islower() else name.upper() if text.isupper() and len(text) > 3 else name


def _person(like: str, generator: random.Random) -> str:
    names = all_names()
    common = generator.random() < 0.5
    first = generator.choice(own_list("first_names") if common else names.first)
    family = generator.choice(own_list("family_names") if common else names.family)
    if len(like.split()) > 1:
        return generator.choice((f"{first} {family}",) * 6 + (f"{first[0]}. {family}", f"{family} {first}"))
    return generator.choice((first,) * 4 + (family,))


def _other_digits(text: str, keep: int, generator: random.Random) -> str:
    """Return `text` with other digits; numbers of more than `keep` digits, if any are kept, stay."""
    if keep and any(len(run) > keep for run in re.findall(r"\d+", text)):
        return text
    if keep:  # a day of the month or a small count stays one
        return re.sub(r"\d+", lambda found: str(generator.randint(1, 28 if len(found.group()) > 1 else 9)), text)
    return re.sub(r"[1-9]", lambda _: str(generator.randint(1, 9)), text)


def _mistyped(text: str, generator: random.Random) -> str:
    letters = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not letters:
        return text
    at = generator.choice(letters)
    before, letter, following, rest = text[:at], text[at], text[at + 1], text[at + 2 :]
    return before + generator.choice((following, letter * 2 + following, following + letter)) + rest


def _unaccented(text: str) -> str:
    kept = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(each for each in kept if not unicodedata.combining(each)))


@lru_cache(maxsize=4)
def _kinds(label: str, language: Language) -> list[str]:
    file = LISTS / ("categories.tsv" if label == "CATEGORY" else "accounts.tsv")
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return [expression for tongue, expression, _ in rows if tongue == language]


@lru_cache(maxsize=4)
def _expressions(label: str, language: Language) -> list[str]:
    """Return ways to write an amount or a date, without what stands outside its span."""
    rows = [line.split("\t") for line in (LISTS / _EXPRESSIONS[label]).read_text(encoding="utf-8").splitlines()]
    return [expression for tongue, expression, *_ in rows if tongue[:2] == language and not _LEAD.match(expression)]
