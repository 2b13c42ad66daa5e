"""The words of a text as the network reads them: pieces, how they are written, and where they stand."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.ner.gazetteer import Gazetteer
from models.text.tokenizer import TokenIds

WINDOW = 128
"""Pieces in one run of the network, its two marks included."""
OVERLAP = 32
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'})
_LOWER, _TITLE, _UPPER, _LETTER, _MIXED, _DIGITS, _OTHER = range(1, 8)
_GLUED = 8
"""Added to the shape of a word that stands right behind the one before it."""


@dataclass(frozen=True)
class Words:
    """The n words of a text.

    Attributes
    ----------
    starts, ends: (n,) code points. rows: (3, pieces + 2) ids, shapes and kinds of known names for each window.
    places: (n, 2) window and position there of each word's first piece.
    """

    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    rows: list[TokenIds]
    places: npt.NDArray[np.intp]


class WordReader:
    """Cuts texts into words with a tokenizer file, and marks those that a gazetteer knows."""

    def __init__(self, file: Path, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first, self._last = self._tokenizer.encode("").ids
        self.pad_id: int = self._tokenizer.token_to_id("[PAD]") or self._tokenizer.token_to_id("<pad>") or 0

    def __call__(self, text: str) -> Words:
        """Return the words of any text; there may be none."""
        encoding = self._tokenizer.encode(text.translate(_SAME), add_special_tokens=False)
        numbers = np.asarray(encoding.word_ids, dtype=np.intp)
        if not len(numbers):
            none = np.zeros(0, dtype=np.intp)
            return Words(none, none, [], np.zeros((0, 2), dtype=np.intp))
        heads = np.flatnonzero(np.diff(numbers, prepend=-1))
        offsets = np.asarray(encoding.offsets, dtype=np.intp)
        starts = offsets[heads, 0]
        ends = np.maximum.reduceat(offsets[:, 1], heads)
        following = np.append(starts[1:], len(text))
        ends = np.array([_whole(text, end, limit) for end, limit in zip(ends, following, strict=True)], dtype=np.intp)
        glued = starts == np.concatenate([[-1], ends[:-1]])
        written = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        shapes = np.array([_shape(word) for word in written]) + _GLUED * glued
        known = self._gazetteer.flags(written, _adjoining(text, starts, ends, written))
        lengths = np.diff(np.append(heads, len(numbers)))
        pieces = np.stack([np.asarray(encoding.ids), np.repeat(shapes, lengths), np.repeat(known, lengths)])
        rows, places = self._windows(pieces, heads)
        return Words(starts, ends, rows, places)

    def _windows(self, pieces: TokenIds, heads: npt.NDArray[np.intp]) -> tuple[list[TokenIds], npt.NDArray[np.intp]]:
        """Cut pieces into overlapping windows; each word is read where it has most company on both sides."""
        room, total = WINDOW - 2, pieces.shape[1]
        begins = [0] if total <= room else [*range(0, total - room, room - OVERLAP), total - room]
        rows = [
            np.concatenate([_mark(self._first), pieces[:, begin : begin + room], _mark(self._last)], axis=1)
            for begin in begins
        ]
        if len(begins) == 1:
            return rows, np.stack([np.zeros_like(heads), heads + 1], axis=1)
        inside = heads[:, None] - np.asarray(begins)
        company = np.minimum(inside, room - 1 - inside)
        best = company.argmax(1)
        return rows, np.stack([best, inside[np.arange(len(heads)), best] + 1], axis=1)


def split_symbols(tokenizer_file: Path) -> None:
    """Make signs and runs of digits words of their own in a BERT tokenizer file: `1.2k€` is `1`, `.`, `2`, `k`, `€`."""
    description = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    before = description.get("pre_tokenizer")
    if not before or before.get("type") != "BertPreTokenizer":
        return
    split = {"type": "Split", "pattern": {"Regex": r"\p{S}|\p{N}+"}, "behavior": "Isolated", "invert": False}
    description["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, before]}
    tokenizer_file.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")


def _mark(piece: int) -> TokenIds:
    return np.array([[piece], [0], [0]], dtype=np.int64)


def _adjoining(text: str, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp], words: list[str]) -> list[bool]:
    """Say of each word whether a space, hyphen or apostrophe at most parts it from the last one that is no mark."""
    adjoining: list[bool] = []
    last = -2
    for start, end, word in zip(starts, ends, words, strict=True):
        adjoining.append(start - last <= 1 and text[last:start] in ("", " ", "-", "'", "\u2019"))
        if word[0].isalnum():
            last = end
    return adjoining


def _whole(text: str, end: int, limit: int) -> int:
    """Return where a word really ends: accents written as characters of their own belong to it."""
    while end < limit and unicodedata.category(text[end]) in ("Mn", "Me", "Mc"):
        end += 1
    return end


def _shape(word: str) -> int:
    if word.isdecimal():
        return _DIGITS
    if not any(each.isalpha() for each in word):
        return _OTHER
    if word.islower():
        return _LOWER
    if word.isupper():
        return _UPPER if len(word) > 1 else _LETTER
    return _TITLE if word[0].isupper() and word[1:].islower() else _MIXED
