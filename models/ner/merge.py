"""One list of entities from two sources, by one rule.

A proven pattern (a checksum holds, an address or an international number is complete) wins over the network, the
network over a plain pattern; among equals the surer wins, then the longer, then the earlier. What overlaps a winner
goes. Where the network finds only parts of what a plain pattern finds, under the same label, they agree, and the
pattern, which has a grammar, knows where it begins and ends. So it does of a number with its unit, whatever else the
network takes the number for: neither "401 euros" nor its 401 is a pension plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ner.patterns import Found
from models.ner.tagging import Span

PROVEN_SCORE = 1.0
PLAIN_SCORE = 0.5
"""Of a plain pattern that the network does not confirm; one that it does is no less sure."""
_WITH_UNIT = frozenset({"AMOUNT", "PERCENT"})
_BARE_NUMBERS = frozenset({"ACCOUNT", "CARD", "DATE", "PHONE"})
"""Labels that a number may have by itself."""


@dataclass(frozen=True)
class Scored:
    """A span and how sure we are of it."""

    span: Span
    score: float


def merge(network: Sequence[Scored], patterns: Iterable[Found]) -> list[Scored]:
    """Return the entities in their order in the text, none overlapping.

    >>> merge([Scored(Span(0, 4, "DATE"), 0.9)], [Found(Span(2, 9, "IBAN"), proven=True)])
    [Scored(span=Span(start=2, end=9, label='IBAN'), score=1.0)]
    """
    found = list(patterns)
    proven = [each.span for each in found if each.proven]
    plain = [each.span for each in found if not each.proven]
    network = _completed(network, [each for each in plain if not any(_overlap(each, other) for other in proven)])
    ranked = [(0, Scored(each.span, PROVEN_SCORE)) for each in found if each.proven]
    ranked += [(1, each) for each in network]
    ranked += [(2, Scored(each.span, PLAIN_SCORE)) for each in found if not each.proven]
    ranked.sort(key=lambda each: (each[0], -each[1].score, each[1].span.start - each[1].span.end, each[1].span))
    chosen: list[Scored] = []
    taken: set[int] = set()
    for _, each in ranked:
        places = range(each.span.start, each.span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(each)
    return sorted(chosen, key=lambda each: each.span)


def _completed(network: Sequence[Scored], patterns: Iterable[Span]) -> list[Scored]:
    """Return what the network found, parts that a pattern knows the whole of as that one span."""
    spans = list(network)
    for whole in sorted(patterns, key=lambda each: (each.start - each.end, each)):
        touched = [each for each in spans if _overlap(each.span, whole)]
        if touched and all(_part(each.span, whole) for each in touched):
            rest = [each for each in spans if each not in touched]
            spans = [*rest, Scored(whole, max(PLAIN_SCORE, *(each.score for each in touched)))]
    return spans


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _part(part: Span, whole: Span) -> bool:
    alike = part.label == whole.label or (whole.label in _WITH_UNIT and part.label in _BARE_NUMBERS)
    return alike and whole.start <= part.start and part.end <= whole.end
