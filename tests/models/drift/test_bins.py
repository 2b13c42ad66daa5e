from __future__ import annotations

import pytest

from models.drift.bins import Bins


def test_bins_of_numbers_hold_about_as_many_each():
    values = [float(number) for number in range(1000)]
    bins = Bins.fit(values)
    counts = [0] * len(bins)
    for value in values:
        counts[bins.place(value)] += 1
    assert counts == [100] * 10 + [0]


def test_a_value_is_in_the_bin_up_to_it_and_one_that_never_was_is_in_the_last():
    bins = Bins(edges=(1.0, 2.0))
    assert [bins.place(value) for value in (-5, 1, 1.5, 2.0, 1e9, None)] == [0, 0, 1, 1, 2, 3]
    assert bins.names == ("<= 1", "<= 2", "> 2", "missing")


def test_few_values_make_few_bins():
    assert len(Bins.fit([float(number) for number in range(90)])) == 3 + 1
    assert len(Bins.fit([3.0] * 500)) == 2 + 1
    assert Bins.fit([None, None]).names == ("any", "missing")


def test_names_have_bins_of_their_own_and_strange_ones_share_one():
    bins = Bins.fit(["own", "rent", "rent", None])
    assert bins.names == ("own", "rent", "other", "missing")
    assert [bins.place(value) for value in ("rent", "castle", None)] == [1, 2, 3]


def test_flags_are_names():
    bins = Bins.fit([True, False, True, None])
    assert bins.names == ("False", "True", "other", "missing")
    assert bins.place(True) == 1


@pytest.mark.parametrize("values", [[f"name {number}" for number in range(5000)], [*range(5000)]])
def test_there_are_few_bins_whatever_the_values(values: list[str | int]):
    assert len(Bins.fit(values)) <= 42
