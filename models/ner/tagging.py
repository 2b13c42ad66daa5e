"""Spans as tags of words: B-X begins an X, I-X goes on with it, O is nothing (Ramshaw & Marcus, 1995)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, order=True)
class Span:
    """From `start` up to `end`, in code points of a text."""

    start: int
    end: int
    label: str


class Tags:
    """The tags of some labels: O, then B and I of each."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        n = len(self)
        self._forbidden = np.zeros((n, n))
        for tag in range(2, n, 2):  # I-X follows B-X and I-X only
            self._forbidden[:, tag] = -np.inf
            self._forbidden[[tag - 1, tag], tag] = 0.0
        self._start = np.where((np.arange(n) > 0) & (np.arange(n) % 2 == 0), -np.inf, 0.0)

    def __len__(self) -> int:
        return 1 + 2 * len(self.labels)

    def encode(self, starts: Ints, ends: Ints, spans: Iterable[Span]) -> Ints:
        """Return the (n,) tag of each word; a word that a span touches belongs to it."""
        tags = np.zeros(len(starts), dtype=np.intp)
        for span in spans:
            touched = np.flatnonzero((starts < span.end) & (ends > span.start))
            if len(touched):
                begin = 1 + 2 * self.labels.index(span.label)
                tags[touched] = begin + 1
                tags[touched[0]] = begin
        return tags

    def best(self, log_probabilities: Floats) -> Ints:
        """Return the likeliest allowed (n,) tags for (n, tags) log-probabilities. Viterbi, 1967."""
        greedy: Ints = log_probabilities.argmax(1)
        if self._allowed(greedy):
            return greedy
        scores = log_probabilities[0] + self._start
        back = np.zeros(log_probabilities.shape, dtype=np.intp)
        for word in range(1, len(log_probabilities)):
            paths = scores[:, None] + self._forbidden
            back[word] = paths.argmax(0)
            scores = paths[back[word], np.arange(len(self))] + log_probabilities[word]
        tags = np.zeros(len(log_probabilities), dtype=np.intp)
        tags[-1] = scores.argmax()
        for word in range(len(tags) - 1, 0, -1):
            tags[word - 1] = back[word, tags[word]]
        return tags

    def decode(self, tags: Ints) -> list[tuple[int, int, str]]:
        """Return (first word, word after the last, label) of each entity."""
        begins = np.flatnonzero(tags % 2 == 1)
        found: list[tuple[int, int, str]] = []
        for begin in begins:
            end = begin + 1
            while end < len(tags) and tags[end] == tags[begin] + 1:
                end += 1
            found.append((int(begin), int(end), self.labels[(tags[begin] - 1) // 2]))
        return found

    def _allowed(self, tags: Ints) -> bool:
        before = np.concatenate([[0], tags[:-1]])
        return bool(np.isfinite(self._forbidden[before, tags]).all())
