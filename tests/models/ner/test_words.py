from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from tokenizers import Tokenizer

from models.ner.gazetteer import MERCHANT, Gazetteer
from models.ner.words import WINDOW, WordReader, split_symbols
from models.store import StoredModel
from tests.models.ner.texts import ANY_TEXT, ODD


@pytest.fixture(scope="module")
def tokenizer_file(tiny_backbone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("words") / "tokenizer.json"
    file.write_bytes((tiny_backbone / "tokenizer.json").read_bytes())
    split_symbols(file)
    return file


@pytest.fixture(scope="module")
def reader(tokenizer_file: Path) -> WordReader:
    return WordReader(tokenizer_file, Gazetteer.of([(MERCHANT, ["Uber Eats"])]))


def words(reader: WordReader, text: str) -> list[str]:
    read = reader(text)
    return [text[start:end] for start, end in zip(read.starts, read.ends, strict=True)]


def check(reader: WordReader, text: str) -> None:
    """Words are in order and apart; each has its place in a window; windows fit the network."""
    read = reader(text)
    assert (read.starts < read.ends).all()
    assert (read.ends[:-1] <= read.starts[1:]).all()
    assert len(read.starts) == len(read.ends) == len(read.places)
    assert read.ends.max(initial=0) <= len(text)
    assert all(row.shape[0] == 3 and 2 < row.shape[1] <= WINDOW for row in read.rows)
    for window, place in read.places:
        assert 1 <= place <= read.rows[window].shape[1] - 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Send 50 euros to Paul.", ["Send", "50", "euros", "to", "Paul", "."]),
        ("1.2k\u20ac", ["1", ".", "2", "k", "\u20ac"]),
        ("$12.50", ["$", "12", ".", "50"]),
        ("l'\u00e9picerie", ["l", "'", "\u00e9picerie"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("antidisestablishmentarianism", ["antidisestablishmentarianism"]),
        ("  \n ", []),
        ("\x00", []),
    ],
)
def test_a_text_is_cut_into_words_and_signs(reader: WordReader, text: str, expected: list[str]):
    assert words(reader, text) == expected


def test_typographic_apostrophes_are_read_as_plain_ones(reader: WordReader):
    plain, typographic = reader('c\'est "bon"'), reader("c\u2019est \u201cbon\u201d")
    assert all(np.array_equal(*rows) for rows in zip(plain.rows, typographic.rows, strict=True))


def test_the_way_of_writing_is_told_to_the_network(reader: WordReader):
    shapes = [reader(text).rows[0][1, 1] for text in ("paul", "Paul", "PAUL", "P", "McPaul", "12", "$")]
    assert len(set(shapes)) == len(shapes)


def test_a_word_that_touches_the_one_before_is_told_apart(reader: WordReader):
    (glued,), (apart,) = reader("50k").rows, reader("50 k").rows
    assert glued[0].tolist() == apart[0].tolist()
    assert glued[1].tolist() != apart[1].tolist()


def test_known_names_are_marked_at_all_their_words(reader: WordReader):
    (row,) = reader("paid UBER EATS now").rows
    assert [int(row[2, place]) for _, place in reader("paid UBER EATS now").places] == [0, MERCHANT, MERCHANT, 0]


def test_marks_of_the_network_stand_at_both_ends_of_every_window(reader: WordReader):
    read = reader("word " * 900)
    ends = {(int(row[0, 0]), int(row[0, -1])) for row in read.rows}
    assert len(read.rows) > 5
    assert len(ends) == 1


@pytest.mark.parametrize("count", [1, 125, 126, 127, 220, 221, 500, 1000])
def test_every_word_of_a_long_text_is_read_once_and_with_company(reader: WordReader, count: int):
    text = "word " * count
    read = reader(text)
    assert len(read.starts) == count
    assert len({tuple(place) for place in read.places.tolist()}) == count
    for number, (window, place) in enumerate(read.places.tolist()):
        length = read.rows[window].shape[1] - 2
        assert min(place - 1, number) >= min(number, 15)
        assert min(length - place, count - 1 - number) >= min(count - 1 - number, 15)


def test_windows_hold_the_pieces_of_the_text_in_order(reader: WordReader, tokenizer_file: Path):
    text = " ".join(f"w{number}" for number in range(400))
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    whole = tokenizer.encode(text, add_special_tokens=False)
    read = reader(text)
    heads = [int(read.rows[window][0, place]) for window, place in read.places]
    starts = {int(start) for start in read.starts}
    assert heads == [piece for piece, (start, _) in zip(whole.ids, whole.offsets, strict=True) if start in starts]


@pytest.mark.parametrize("case", ODD)
def test_odd_text_is_cut(reader: WordReader, case: str):
    check(reader, ODD[case])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ANY_TEXT)
def test_any_text_is_cut(reader: WordReader, text: str):
    check(reader, text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ANY_TEXT)
def test_no_word_ends_within_a_letter_and_its_accents(reader: WordReader, text: str):
    for end in reader(text).ends:
        assert end == len(text) or unicodedata.category(text[end]) != "Mn" or end in reader(text).starts


def test_splitting_signs_changes_a_tokenizer_once(tokenizer_file: Path):
    before = tokenizer_file.read_bytes()
    split_symbols(tokenizer_file)
    assert tokenizer_file.read_bytes() == before


def test_a_stored_model_has_a_tokenizer_that_splits_signs(tiny_model: StoredModel):
    reader = WordReader(tiny_model.path / "tokenizer.json", Gazetteer.load(tiny_model.path / "gazetteer.json.gz"))
    assert words(reader, "3.5k\u20ac") == ["3", ".", "5", "k", "\u20ac"]
