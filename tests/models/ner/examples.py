"""A small application's sentences, in the two forms that users bring."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from models.ner.dataset import Sentence, read_marked

_PEOPLE = ("Paul", "Anna", "Marie Dupont", "Ahmed", "Olga Petrova", "Kwame")
_SHOPS = ("Amazon", "Carrefour", "Uber Eats", "Netflix", "Orange", "Tesco")
_TEMPLATES = (
    "send [50 euros](AMOUNT) to [{person}](PERSON) [tomorrow](DATE)",
    "I paid [$12.50](AMOUNT) at [{shop}](MERCHANT) [yesterday](DATE).",
    "how much did [{person}](PERSON) spend at [{shop}](MERCHANT) [last month](DATE) ?",
    "[{shop}](MERCHANT) charged me [£9.99](AMOUNT), please help",
    "what is my balance, says {shop_small} nobody",
    "[{person}](PERSON) owes me [20 bucks](AMOUNT) since [Monday](DATE)",
)
MARKED = tuple(
    template.format(person=person, shop=shop, shop_small=shop[:2].lower())
    for template in _TEMPLATES
    for person, shop in zip(_PEOPLE, _SHOPS, strict=True)
)
LABELS = ["AMOUNT", "DATE", "MERCHANT", "PERSON"]
CONLL = """\
EU B-ORG
rejects O
German B-MISC
call O
. O

Peter B-PER
Blackburn I-PER
lives O
in O
New B-LOC
York I-LOC

"""


def sentences() -> list[Sentence]:
    """Return the examples, all of them for training."""
    return [Sentence(*read_marked(marked), "en") for marked in MARKED]


def write_jsonl(file: Path, data: Iterable[Sentence]) -> Path:
    """Write sentences as JSON lines with offsets and return the file."""
    rows = [
        {"text": each.text, "entities": [{"start": s.start, "end": s.end, "label": s.label} for s in each.spans]}
        for each in data
    ]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file
