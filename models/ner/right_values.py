"""Whether the values of entities are those that a sentence is labelled with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from models.ner.dataset import Sentence
from models.ner.tagging import Span
from models.ner.values import resolve as values


def right_values(sentence: Sentence, answered: Collection[Span]) -> dict[str, tuple[int, int]]:
    """Return, for each label, how many right spans among `answered` have the right value, and how many there are.

    The sentence has values, and a reference date that they count from.
    """
    assert sentence.reference is not None
    against = values.Sentence(sentence.text, sentence.language, sentence.reference)
    counts: dict[str, tuple[int, int]] = {}
    for span, wanted in zip(sentence.spans, sentence.values, strict=True):
        if span in answered:
            value = values.resolve(span.label, span.start, span.end, against)
            right, total = counts.get(span.label, (0, 0))
            same = same_value(value.model_dump(mode="json") if value else None, wanted)
            counts[span.label] = (right + same, total + 1)
    return counts


def same_value(value: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None) -> bool:
    """Say whether two values mean the same: numbers by what they count, null and all-null alike."""
    if value is None or wanted is None:
        return not any((value or wanted or {}).values())
    return value.keys() == wanted.keys() and all(_equal(value[key], wanted[key]) for key in value)


def _equal(one: object, other: object) -> bool:
    if one == other:
        return True
    try:
        return isinstance(one, str) and isinstance(other, str) and Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
