from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from models.ner.gazetteer import FAMILY_NAME, FIRST_NAME, KINDS, MERCHANT, PLACE, Gazetteer

KNOWN = Gazetteer.of(
    [
        (FIRST_NAME, ["Paul", "Am\u00e9lie", "Jean-Baptiste"]),
        (FAMILY_NAME, ["Martin", "O'Brien"]),
        (PLACE, ["New York", "Saint Martin"]),
        (MERCHANT, ["Martin", "Bed Bath & Beyond"]),
    ]
)


def flags(*words: str, apart: tuple[int, ...] = ()) -> list[int]:
    return KNOWN.flags(words, [index not in apart for index in range(len(words))]).tolist()


def test_names_are_known_whatever_their_case_and_accents():
    assert flags("PAUL", "amelie", "Ame\u0301lie", "nobody") == [FIRST_NAME] * 3 + [0]


def test_a_name_of_two_kinds_has_the_sum_of_both():
    assert flags("Martin") == [FAMILY_NAME | MERCHANT]


def test_every_word_of_a_name_is_marked():
    assert flags("in", "New", "York", "now") == [0, PLACE, PLACE, 0]


def test_half_a_name_is_none():
    assert flags("New", "shoes") == [0, 0]


def test_words_that_do_not_adjoin_make_no_name():
    assert flags("New", "York", apart=(1,)) == [0, 0]


def test_marks_inside_a_name_are_marked_with_it():
    assert flags("Jean", "-", "Baptiste") == [FIRST_NAME] * 3
    assert flags("O", "'", "Brien") == [FAMILY_NAME] * 3
    assert flags("Bed", "Bath", "&", "Beyond") == [MERCHANT] * 4


def test_a_longer_name_adds_to_a_shorter_one_in_it():
    assert flags("Saint", "Martin") == [PLACE, PLACE | FAMILY_NAME | MERCHANT]


def test_no_words_no_flags():
    assert flags() == []


def test_sums_stay_below_the_number_of_kinds():
    assert FIRST_NAME | FAMILY_NAME | PLACE | MERCHANT == KINDS - 1


@given(st.lists(st.text(max_size=6), max_size=12))
def test_any_words_are_looked_up(words: list[str]):
    assert KNOWN.flags(words, [True] * len(words)).shape == (len(words),)


def test_it_is_read_as_it_was_written(tmp_path: Path):
    KNOWN.save(tmp_path / "one.gz")
    read = Gazetteer.load(tmp_path / "one.gz")
    read.save(tmp_path / "two.gz")
    assert read.flags(["New", "York"], [True, True]).tolist() == [PLACE, PLACE]
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
