"""How the values of one feature are counted: in few bins, chosen from what was seen in training."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from models.drift.watched import Value

_MOST_BINS = 10
_MOST_CATEGORIES = 40
_FEWEST_IN_A_BIN = 30
"""A bin that few reference values fall into says little and flickers much."""


@dataclass(frozen=True)
class Bins:
    """The bins of one feature.

    Attributes
    ----------
    edges: of a number: a bin up to each, itself included, and one above the last.
    categories: of a name: a bin for each, and one for all others.

    After these comes one for absent values.
    """

    edges: tuple[float, ...] = ()
    categories: tuple[Value, ...] = ()

    @classmethod
    def fit(cls, values: Sequence[Value]) -> Bins:
        """Return bins that hold about the same number of `values` each; of names, one for each frequent one."""
        present = [value for value in values if value is not None]
        if any(isinstance(value, bool | str) for value in present):
            frequent = Counter(present).most_common(_MOST_CATEGORIES)
            return cls(categories=tuple(sorted((name for name, _ in frequent), key=str)))
        ordered = sorted(float(value) for value in present)
        count = min(max(len(ordered) // _FEWEST_IN_A_BIN, 2), _MOST_BINS)
        last_of_bin = {ordered[len(ordered) * cut // count - 1] for cut in range(1, count)} if ordered else set()
        return cls(edges=tuple(sorted(last_of_bin)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What to call each bin."""
        if self.categories:
            return (*map(str, self.categories), "other", "missing")
        above = (f"> {self.edges[-1]:g}",) if self.edges else ("any",)
        return (*(f"<= {edge:g}" for edge in self.edges), *above, "missing")

    def __len__(self) -> int:
        return len(self.names)

    def place(self, value: Value) -> int:
        """Return the bin of a value."""
        if value is None:
            return len(self) - 1
        if self.categories:
            return self._places.get(value, len(self.categories))
        return bisect_left(self.edges, value)

    @cached_property
    def _places(self) -> dict[Value, int]:
        return {category: place for place, category in enumerate(self.categories)}
