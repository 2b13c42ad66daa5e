"""Labelled queries: the corpus of this folder, or a user's CSV file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from models.contract import Language
from models.data_file import DataError, read_text
from models.intent.contract import OUT_OF_SCOPE
from models.text.language import detect_language
from models.text.normalise import normalise

CORPUS = Path(__file__).with_name("corpus")
_OUT_OF_SCOPE_NAMES = frozenset({OUT_OF_SCOPE, "oos", "ood"})
Split = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Query:
    """One labelled query; `text` is normalised. Queries of one family are paraphrases and share a split."""

    text: str
    label: str
    language: Language
    family: str
    volume: str = "data"
    split: Split = "train"


def load_corpus(folder: Path = CORPUS) -> list[Query]:
    """Return the built-in corpus, split by family: 74 % training, 13 % validation, 13 % test.

    The `independent` volume, whose writer saw none of the rest, is test throughout.
    """
    queries: list[Query] = []
    for file in sorted(folder.glob("*/*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            split: Split = "test" if file.parent.name == "independent" else _split_of(row["family"])
            queries.append(
                Query(normalise(row["text"]), row["label"], row["language"], row["family"], file.parent.name, split)
            )
    return queries


def corpus_digest(queries: Iterable[Query]) -> str:
    """Return a SHA-256 over texts, labels and splits."""
    total = hashlib.sha256()
    for query in queries:
        total.update(f"{query.split}\t{query.label}\t{query.text}\n".encode())
    return total.hexdigest()


def read_csv(file: Path, text_column: str = "text", label_column: str = "label") -> list[Query]:
    """Return the queries of a CSV file with a header; gzip is read by its `.gz` ending.

    Labels `oos` and `ood` are read as `out_of_scope`.

    Raises
    ------
    DataError: naming file and line of what is wrong.
    """
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""))
    for column in (text_column, label_column):
        if column not in (reader.fieldnames or ()):
            raise DataError(
                f"{file}, line 1: no column {column!r}; the header has {', '.join(reader.fieldnames or ('nothing',))}"
            )
    queries: list[Query] = []
    for row in _rows(reader, file):
        text, label = normalise(row[text_column] or ""), (row[label_column] or "").strip()
        if not text or not label:
            raise DataError(f"{file}, line {reader.line_num}: empty {text_column if not text else label_column}")
        if None in row:
            raise DataError(f"{file}, line {reader.line_num}: more fields than the header has")
        label = OUT_OF_SCOPE if label.lower() in _OUT_OF_SCOPE_NAMES else label
        queries.append(Query(text, label, detect_language(text), text.lower()))
    if not queries:
        raise DataError(f"{file}: no rows")
    return queries


def _rows(reader: csv.DictReader[str], file: Path) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise DataError(f"{file}, line {reader.line_num + 1}: {error}") from error


def check_trainable(queries: Sequence[Query], file: Path) -> None:
    """Raise `DataError` unless there are two labels, each with enough queries to learn and to check it by."""
    counts = Counter(label for label, _ in {(query.label, query.family) for query in queries})
    if len([label for label in counts if label != OUT_OF_SCOPE]) < 2:
        raise DataError(f"{file}: needs at least two labels besides {OUT_OF_SCOPE}")
    rare = [label for label, count in counts.items() if count < 4]
    if rare:
        raise DataError(f"{file}: fewer than 4 rows for {', '.join(sorted(rare)[:5])}")


def split_randomly(queries: Sequence[Query], seed: int, test: bool) -> list[Query]:
    """Return the queries with splits: by label, equal texts together, 12 % validation and, if `test`, 12 % test.

    Of many queries a smaller share is enough to calibrate by: about 800 in all.
    """
    generator = random.Random(seed)
    families: dict[str, dict[str, list[Query]]] = defaultdict(lambda: defaultdict(list))
    for query in queries:
        families[query.label][query.family].append(query)
    done: list[Query] = []
    for label in sorted(families):
        groups = [families[label][family] for family in sorted(families[label])]
        generator.shuffle(groups)
        share = max(1, round(len(groups) * min(0.12, 800 / len(queries))))
        for number, group in enumerate(groups):
            split: Split = "validation" if number < share else "test" if test and number < 2 * share else "train"
            done.extend(replace(query, split=split) for query in group)
    return done


def _split_of(family: str) -> Split:
    """Decide by a hash of the family's name: adding a family moves no other."""
    bucket = int.from_bytes(hashlib.sha256(family.encode()).digest()[:4], "big") % 100
    return "train" if bucket < 74 else "validation" if bucket < 87 else "test"
