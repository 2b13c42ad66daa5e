"""A small application's queries: four labels with 25 texts each, and what is none of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

Row = tuple[str, str]

_SENTENCES = {
    "balance": (
        "what is my {} balance",
        "how much money is in my {} account",
        "show the funds left in {}",
        "tell me what the {} account holds",
        "balance of {} please",
    ),
    "transfer": (
        "send ten euros to {}",
        "move money over to {}",
        "transfer fifty pounds to {}",
        "wire some cash to {}",
        "pay {} back by transfer",
    ),
    "card": (
        "my card was stolen near {}",
        "i lost my card at {}",
        "block the card i left in {}",
        "card missing since {}",
        "freeze my card it vanished at {}",
    ),
    "hours": (
        "when does the {} branch open",
        "opening hours of the {} office",
        "is the {} branch open on sunday",
        "what time does {} close",
        "closing time for the {} desk",
    ),
}
_WORDS = {
    "balance": ("savings", "current", "joint", "holiday", "business"),
    "transfer": ("anna", "my brother", "the landlord", "peter", "my flatmate"),
    "card": ("the station", "the gym", "a cafe", "the market", "school"),
    "hours": ("main street", "paris", "airport", "harbour", "old town"),
}
ROWS: tuple[Row, ...] = tuple(
    (sentence.format(word), label) for label in _SENTENCES for sentence in _SENTENCES[label] for word in _WORDS[label]
)
OTHERS: tuple[Row, ...] = tuple(
    (sentence.format(word), "oos")
    for sentence in (
        "will it rain in {} tomorrow",
        "tell me a joke about {}",
        "who won the match in {}",
        "recipe for {} soup",
    )
    for word in ("lyon", "tomatoes", "cats", "winter", "pumpkin")
)
TEST: tuple[Row, ...] = (
    *(("is there money left on my savings", "balance"), ("my joint account balance", "balance")),
    *(("transfer some money to my brother", "transfer"), ("send fifty euros to anna please", "transfer")),
    *(("someone took my card at the gym", "card"), ("i think my card is lost", "card")),
    *(("is the office in paris open", "hours"), ("when do you close on main street", "hours")),
    *(("sing a song about winter", "oos"), ("will it snow in lyon", "oos")),
) * 3


def write_csv(file: Path, rows: Iterable[Row], columns: tuple[str, str] = ("text", "label")) -> Path:
    """Write `rows` under a header and return the file."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([columns, *rows])
    return file
