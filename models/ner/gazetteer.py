"""Which words are known names: a hint to the network, which decides by the sentence."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

FIRST_NAME, FAMILY_NAME, PLACE, MERCHANT = 1, 2, 4, 8
KINDS = 16
"""How many sums of the four there are."""
_LONGEST = 4
_WORD = re.compile(r"\w+")


class Gazetteer:
    """Kinds of names by their words, in lower case without accents."""

    def __init__(self, kinds: Mapping[str, int]) -> None:
        self._kinds = dict(kinds)

    @classmethod
    def of(cls, names: Iterable[tuple[int, Iterable[str]]]) -> Gazetteer:
        """Return the gazetteer of lists of names, each with its kind."""
        kinds: dict[str, int] = {}
        for kind, listed in names:
            for name in listed:
                key = " ".join(_WORD.findall(_folded(name)))
                kinds[key] = kinds.get(key, 0) | kind
        return cls(kinds)

    def flags(self, words: Sequence[str], adjoining: Sequence[bool]) -> npt.NDArray[np.int64]:
        """Return the (n,) sum of the kinds of names that each word is, or is part of.

        Parameters
        ----------
        words: of a text, punctuation marks among them. adjoining: whether no more than a space, hyphen or apostrophe
            parts each word from the last one that is no mark.
        """
        flags = np.zeros(len(words), dtype=np.int64)
        plain = [_folded(word) for word in words]
        places = [index for index, word in enumerate(plain) if word[:1].isalnum()]
        for order, place in enumerate(places):
            key = ""
            for size, other in enumerate(places[order : order + _LONGEST]):
                if size and not adjoining[other]:
                    break
                key = f"{key} {plain[other]}".strip()
                kind = self._kinds.get(key, 0)
                if kind:
                    flags[place : other + 1] |= kind
        return flags

    def save(self, file: Path) -> None:
        """Write the names, compressed; the same names make the same bytes."""
        content = json.dumps(self._kinds, ensure_ascii=False, sort_keys=True).encode()
        file.write_bytes(gzip.compress(content, mtime=0))

    @classmethod
    def load(cls, file: Path) -> Gazetteer:
        """Read what `save` wrote."""
        return cls(json.loads(gzip.decompress(file.read_bytes())))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
