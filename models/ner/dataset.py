"""Sentences with their entities: the corpus of this folder, or a user's CoNLL or JSON lines file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from models.contract import Language
from models.data_file import DataError, read_text
from models.ner.tagging import Span
from models.text.language import detect_language

CORPUS = Path(__file__).with_name("corpus")
_MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z]+)\)")
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'\u2019")
_NO_SPACE_AFTER = frozenset("([{#@$£€")
Split = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Sentence:
    """A text and its entities. `values` are what they stand for relative to `reference`, where that is known."""

    text: str
    spans: tuple[Span, ...]
    language: Language
    volume: str = "data"
    split: Split = "train"
    reference: dt.date | None = None
    values: tuple[Mapping[str, Any] | None, ...] = ()


def load_corpus(folder: Path = CORPUS) -> list[Sentence]:
    """Return the built-in corpus. Each file is named SPLIT/VOLUME_LANGUAGE.jsonl; no writer is in two splits but
    for validation and test, which share one who saw nothing of the rest."""
    sentences: list[Sentence] = []
    for file in sorted(folder.glob("*/*.jsonl")):
        volume, _, language = file.stem.rpartition("_")
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text, spans = read_marked(row["text"])
            reference = dt.date.fromisoformat(row["reference_date"]) if "reference_date" in row else None
            split: Any = file.parent.name
            tongue: Any = language
            sentences.append(Sentence(text, spans, tongue, volume, split, reference, tuple(row.get("values", ()))))
    return sentences


def read_marked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Return text and spans of a text with marks.

    >>> read_marked("I paid [Paul](PERSON)")
    ('I paid Paul', (Span(start=7, end=11, label='PERSON'),))
    """
    text, done = "", 0
    spans: list[Span] = []
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        spans.append(Span(len(text), len(text) + len(found[1]), found[2]))
        text += found[1]
        done = found.end()
    return text + marked[done:], tuple(spans)


def corpus_digest(sentences: Iterable[Sentence]) -> str:
    """Return a SHA-256 over texts, spans and splits."""
    total = hashlib.sha256()
    for each in sentences:
        spans = " ".join(f"{span.start}-{span.end}-{span.label}" for span in each.spans)
        total.update(f"{each.split}\t{each.text}\t{spans}\n".encode())
    return total.hexdigest()


def read_sentences(file: Path) -> list[Sentence]:
    """Return the sentences of a file: JSON lines with offsets (`.jsonl`, `.json`), else CoNLL with BIO tags.

    A JSON line is `{"text": …, "entities": [{"start": …, "end": …, "label": …}, …]}`, offsets in code points. A CoNLL
    file has a word and, last on its line, a tag; an empty line ends a sentence.

    Raises
    ------
    DataError: naming file and line of what is wrong.
    """
    content = read_text(file)
    name = file.name.removesuffix(".gz")
    sentences = list(_read_json(content, file) if name.endswith((".jsonl", ".json")) else _read_conll(content, file))
    if not sentences:
        raise DataError(f"{file}: no sentences")
    return sentences


def check_trainable(sentences: Sequence[Sentence], file: Path) -> None:
    """Raise `DataError` unless there are enough sentences with entities to learn and to check it by."""
    if sum(bool(each.spans) for each in sentences) < 20:
        raise DataError(f"{file}: fewer than 20 sentences with entities")


def split_randomly(sentences: Sequence[Sentence], seed: int, test: bool) -> list[Sentence]:
    """Return the sentences with splits, equal texts together: 12 % validation, 800 at most, as many test if `test`."""
    generator = random.Random(seed)
    texts = sorted({each.text for each in sentences})
    generator.shuffle(texts)
    share = max(1, round(min(0.12 * len(texts), 800)))
    split: dict[str, Split] = dict.fromkeys(texts[:share], "validation")
    if test:
        split |= dict.fromkeys(texts[share : 2 * share], "test")
    return [replace(each, split=split.get(each.text, "train")) for each in sentences]


def label_counts(sentences: Iterable[Sentence]) -> Counter[str]:
    """Return how often each label occurs."""
    return Counter(span.label for each in sentences for span in each.spans)


def _read_json(content: str, file: Path) -> Iterator[Sentence]:
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text = row["text"]
            spans = sorted(Span(each["start"], each["end"], each["label"]) for each in row["entities"])
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f'{file}, line {number}: needs {{"text": …, "entities": [{{"start", "end", "label"}}, …]}}'
            ) from error
        if not isinstance(text, str) or not text.strip():
            raise DataError(f"{file}, line {number}: empty text")
        for span in spans:
            whole = isinstance(span.start, int) and isinstance(span.end, int)
            if not (whole and 0 <= span.start < span.end <= len(text)):
                raise DataError(f"{file}, line {number}: span {span.start} to {span.end} is not within the text")
        if any(first.end > second.start for first, second in pairwise(spans)):
            raise DataError(f"{file}, line {number}: entities overlap")
        yield Sentence(text, tuple(spans), detect_language(text))


def _read_conll(content: str, file: Path) -> Iterator[Sentence]:
    words: list[tuple[str, str]] = []
    for number, line in enumerate([*content.splitlines(), ""], start=1):
        parts = line.split()
        if not parts or line.startswith("-DOCSTART-"):
            if words:
                yield _from_words(words)
            words = []
            continue
        if len(parts) < 2:
            raise DataError(f"{file}, line {number}: needs a word and a tag")
        tag = parts[-1]
        if tag != "O" and not (tag[:2] in ("B-", "I-") and len(tag) > 2):
            raise DataError(f"{file}, line {number}: {tag!r} is no BIO tag")
        words.append((parts[0], tag))


def _from_words(words: Sequence[tuple[str, str]]) -> Sentence:
    """Return the sentence of words with tags, spaces put where text has them."""
    text = ""
    spans: list[Span] = []
    for word, tag in words:
        if text and word[0] not in _NO_SPACE_BEFORE and text[-1] not in _NO_SPACE_AFTER:
            text += " "
        start, text = len(text), text + word
        label = tag[2:]
        if tag.startswith("I-") and spans and spans[-1].label == label and spans[-1].end >= start - 1:
            spans[-1] = replace(spans[-1], end=len(text))
        elif tag != "O":
            spans.append(Span(start, len(text), label))
    return Sentence(text, tuple(spans), detect_language(text))
