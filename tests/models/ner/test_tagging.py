from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ner.tagging import Span, Tags

TAGS = Tags(["AMOUNT", "PERSON"])
O, B_AMOUNT, I_AMOUNT, B_PERSON, I_PERSON = range(5)  # noqa: E741
STARTS, ENDS = np.array([0, 5, 8, 14]), np.array([4, 7, 13, 18])


def allowed(tags: tuple[int, ...]) -> bool:
    return all(tag % 2 or not tag or before in (tag - 1, tag) for before, tag in itertools.pairwise((0, *tags)))


def test_there_is_a_tag_for_nothing_and_two_for_each_label():
    assert len(TAGS) == 5


@pytest.mark.parametrize(
    ("spans", "tags"),
    [
        ([], [O, O, O, O]),
        ([Span(5, 13, "AMOUNT")], [O, B_AMOUNT, I_AMOUNT, O]),
        ([Span(0, 4, "PERSON"), Span(5, 7, "PERSON")], [B_PERSON, B_PERSON, O, O]),
        ([Span(2, 3, "PERSON")], [B_PERSON, O, O, O]),
        ([Span(6, 15, "AMOUNT")], [O, B_AMOUNT, I_AMOUNT, I_AMOUNT]),
        ([Span(4, 5, "AMOUNT")], [O, O, O, O]),
    ],
    ids=["none", "two words", "neighbours", "part of a word", "parts of words", "between words"],
)
def test_words_that_a_span_touches_are_its(spans: list[Span], tags: list[int]):
    assert TAGS.encode(STARTS, ENDS, spans).tolist() == tags


def test_tags_are_read_as_entities():
    tags = np.array([B_PERSON, I_PERSON, B_PERSON, O, B_AMOUNT])
    assert TAGS.decode(tags) == [(0, 2, "PERSON"), (2, 3, "PERSON"), (4, 5, "AMOUNT")]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3), st.sampled_from(["AMOUNT", "PERSON"]))))
def test_what_is_encoded_is_decoded(drawn: list[tuple[int, int, str]]):
    """Spans of whole words that do not overlap."""
    places = np.arange(30)
    spans, free = [], 0
    for gap, length, label in drawn:
        if free + gap + length <= 30:
            spans.append((free + gap, free + gap + length, label))
            free += gap + length
    tags = TAGS.encode(places * 2, places * 2 + 1, [Span(2 * a, 2 * b - 1, label) for a, b, label in spans])
    assert TAGS.decode(tags) == spans


@given(st.lists(st.lists(st.floats(-9, 0), min_size=5, max_size=5), min_size=1, max_size=5))
def test_the_best_tags_are_the_likeliest_that_are_allowed(rows: list[list[float]]):
    scores = np.array(rows)
    best = TAGS.best(scores)
    total = scores[np.arange(len(best)), best].sum()
    every = (tags for tags in itertools.product(range(5), repeat=len(rows)) if allowed(tags))
    assert allowed(tuple(best.tolist()))
    assert total == pytest.approx(max(scores[np.arange(len(rows)), list(tags)].sum() for tags in every))


def test_an_inside_tag_cannot_come_first():
    assert TAGS.best(np.log([[0.3, 0.2, 0.5, 1e-9, 1e-9]])).tolist() == [O]
