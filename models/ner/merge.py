"""One list of entities from two sources, by one rule.

A proven pattern (a checksum holds, an address or an international number is complete) wins over the network, the
network over a plain pattern; among equals the surer wins, then the longer, then the earlier. What overlaps a winner
goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ner.patterns import Found
from models.ner.tagging import Span

PROVEN_SCORE = 1.0
PLAIN_SCORE = 0.5
"""Of a plain pattern that the network does not confirm."""


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
