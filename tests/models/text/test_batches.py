from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.text.batches import BatchLimits, length_batches, shuffled_batches

LENGTHS = st.lists(st.integers(0, 300), max_size=200)
SOME = st.integers(1, 70)
LIMITS = st.builds(BatchLimits, SOME, st.integers(1, 3000), st.integers(0, 300))


@given(LENGTHS, LIMITS)
def test_every_index_is_in_exactly_one_batch(lengths: list[int], limits: BatchLimits):
    batches = length_batches(lengths, limits)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))


@given(LENGTHS, LIMITS)
def test_no_batch_is_empty_or_has_too_many_items(lengths: list[int], limits: BatchLimits):
    assert all(1 <= len(batch) <= limits.items for batch in length_batches(lengths, limits))


@given(LENGTHS, LIMITS)
def test_only_a_text_alone_exceeds_the_padded_bound(lengths: list[int], limits: BatchLimits):
    for batch in length_batches(lengths, limits):
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= limits.padded


@given(LENGTHS, LIMITS)
def test_no_batch_has_more_padding_than_may_be_wasted(lengths: list[int], limits: BatchLimits):
    for batch in length_batches(lengths, limits):
        taken = [lengths[index] for index in batch]
        assert len(taken) * max(taken) - sum(taken) <= limits.wasted


@given(LENGTHS, LIMITS)
def test_lengths_rise_through_the_batches(lengths: list[int], limits: BatchLimits):
    seen = [lengths[index] for batch in length_batches(lengths, limits) for index in batch]
    assert seen == sorted(seen)


@given(st.lists(st.integers(1, 300), min_size=2, max_size=100), LIMITS)
def test_no_two_neighbours_would_fit_into_one(lengths: list[int], limits: BatchLimits):
    batches = length_batches(lengths, limits)
    for first, second in pairwise(batches):
        joined = [*first, second[0]]
        padded = len(joined) * lengths[second[0]]
        wasted = padded - sum(lengths[index] for index in joined)
        assert len(joined) > limits.items or padded > limits.padded or wasted > limits.wasted


def test_nothing_makes_no_batch():
    assert length_batches([], BatchLimits()) == []


@given(LENGTHS, SOME, st.integers())
def test_shuffled_every_index_is_in_exactly_one_batch(lengths: list[int], size: int, seed: int):
    batches = list(shuffled_batches(lengths, size, random.Random(seed)))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))


@given(LENGTHS, SOME, st.integers())
def test_shuffled_no_batch_is_larger_than_its_size(lengths: list[int], size: int, seed: int):
    assert all(1 <= len(batch) <= size for batch in shuffled_batches(lengths, size, random.Random(seed)))


@given(LENGTHS, SOME, st.integers())
def test_shuffled_alike_by_the_same_seed(lengths: list[int], size: int, seed: int):
    first, second = (list(shuffled_batches(lengths, size, random.Random(seed))) for _ in range(2))
    assert first == second


def test_shuffled_anew_in_the_next_epoch():
    order = random.Random(0)
    assert list(shuffled_batches([5] * 100, 8, order)) != list(shuffled_batches([5] * 100, 8, order))


def test_shuffled_batches_waste_less_padding_than_random_ones():
    generator = random.Random(0)
    lengths = [generator.randint(3, 48) for _ in range(2000)]
    padded = sum(len(b) * max(lengths[i] for i in b) for b in shuffled_batches(lengths, 32, random.Random(0)))
    assert padded < 1.15 * sum(lengths)
