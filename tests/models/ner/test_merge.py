from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.ner.merge import PLAIN_SCORE, PROVEN_SCORE, Scored, merge
from models.ner.patterns import Found
from models.ner.tagging import Span

SPANS = st.builds(
    lambda start, length, label: Span(start, start + length, label),
    st.integers(0, 30),
    st.integers(1, 8),
    st.sampled_from(["AMOUNT", "DATE", "IBAN"]),
)
NETWORK = st.lists(st.builds(Scored, SPANS, st.floats(0.01, 0.99)), max_size=8)
PATTERNS = st.lists(st.builds(Found, SPANS, st.booleans()), max_size=8)


def network(start: int, end: int, label: str = "DATE", score: float = 0.9) -> Scored:
    return Scored(Span(start, end, label), score)


def pattern(start: int, end: int, label: str = "AMOUNT", proven: bool = False) -> Found:
    return Found(Span(start, end, label), proven)


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end


def test_the_network_wins_over_a_plain_pattern_however_unsure_it_is():
    assert merge([network(0, 4, score=0.1)], [pattern(2, 9)]) == [network(0, 4, score=0.1)]


def test_a_proven_pattern_wins_over_the_network_however_sure_it_is():
    assert merge([network(0, 20, score=0.99)], [pattern(2, 9, "CARD", proven=True)]) == [
        Scored(Span(2, 9, "CARD"), PROVEN_SCORE)
    ]


def test_one_winner_can_push_out_several():
    assert [each.span for each in merge([network(0, 4), network(5, 9)], [pattern(3, 6, "IBAN", True)])] == [
        Span(3, 6, "IBAN")
    ]


def test_what_was_pushed_out_pushes_nothing_out():
    """The plain pattern overlaps a loser only, so it stays."""
    found = merge([network(4, 10)], [pattern(0, 6, "IBAN", True), pattern(7, 12)])
    assert [each.span for each in found] == [Span(0, 6, "IBAN"), Span(7, 12, "AMOUNT")]


def test_what_the_network_does_not_see_a_plain_pattern_adds():
    assert merge([network(0, 4)], [pattern(4, 9)]) == [network(0, 4), Scored(Span(4, 9, "AMOUNT"), PLAIN_SCORE)]


def test_where_both_agree_on_the_label_the_pattern_knows_the_borders():
    parts = [network(0, 1, "PHONE", 0.7), network(1, 9, "PHONE", 0.9)]
    assert merge(parts, [pattern(0, 9, "PHONE")]) == [network(0, 9, "PHONE", 0.9)]


def test_where_both_agree_they_are_no_less_sure_than_the_pattern_alone():
    assert merge([network(5, 14, "AMOUNT", 0.01)], [pattern(5, 14)]) == [network(5, 14, "AMOUNT", PLAIN_SCORE)]


def test_a_pattern_that_the_network_reaches_out_of_completes_nothing():
    assert merge([network(0, 5)], [pattern(1, 9)]) == [network(0, 5)]


def test_a_pattern_completes_nothing_of_another_label():
    parts = [network(0, 1, "PHONE"), network(1, 9, "CARD")]
    assert merge(parts, [pattern(0, 9, "PHONE")]) == parts


def test_a_number_with_its_unit_is_an_amount_whatever_it_looks_like():
    """Neither "401 euros" nor its 401 is a pension plan, nor is 2024 a year in "2024 euros"."""
    for label in ("ACCOUNT", "DATE"):
        assert merge([network(5, 8, label)], [pattern(5, 14)]) == [network(5, 14, "AMOUNT")]
        assert merge([network(5, 14, label)], [pattern(5, 14)]) == [network(5, 14, "AMOUNT")]
        assert merge([network(4, 14, label)], [pattern(5, 14)]) == [network(4, 14, label)]
    assert merge([network(5, 8, "PERSON")], [pattern(5, 14)]) == [network(5, 8, "PERSON")]


def test_of_two_of_the_network_the_surer_wins():
    assert merge([network(0, 9, score=0.5), network(3, 5, "PERSON", 0.8)], []) == [network(3, 5, "PERSON", 0.8)]


def test_of_two_equally_sure_the_longer_wins_and_of_equals_the_earlier():
    assert [each.span.start for each in merge([], [pattern(3, 6), pattern(4, 9)])] == [4]
    assert [each.span.start for each in merge([], [pattern(3, 6), pattern(1, 4)])] == [1]


@given(NETWORK, PATTERNS)
def test_nothing_overlaps_and_all_is_in_order(found: list[Scored], patterns: list[Found]):
    merged = merge(found, patterns)
    assert all(one.span.end <= other.span.start for one, other in pairwise(merged))


@given(NETWORK, PATTERNS)
def test_what_is_missing_overlaps_one_that_ranks_as_high(found: list[Scored], patterns: list[Found]):
    merged = merge(found, patterns)
    kept = {each.span for each in merged}
    proven = {each.span for each in patterns if each.proven}
    for each in proven - kept:
        assert any(overlap(each, other) for other in kept & proven)
    for one in found:
        if one.span not in kept:
            assert any(
                overlap(one.span, other.span)
                for other in merged
                if other.span in proven
                or other in found
                or other.span.label == one.span.label
                or ((one.span.label, other.span.label) == ("DATE", "AMOUNT") and within(one.span, other.span))
            )


@given(NETWORK, PATTERNS)
def test_the_order_in_which_they_are_found_changes_nothing(found: list[Scored], patterns: list[Found]):
    assert merge(found[::-1], patterns[::-1]) == merge(found, patterns)
