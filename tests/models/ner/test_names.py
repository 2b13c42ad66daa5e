from __future__ import annotations

import pytest

from models.ner.names import all_names, own_list

KINDS = ("first", "family", "places", "merchants")


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_in_order_and_each_but_once(kind: str):
    names = getattr(all_names(), kind)
    assert list(names) == sorted(set(names))
    assert all(2 < len(name) < 40 and name == name.strip() for name in names)


@pytest.mark.parametrize("name", ["first_names", "family_names", "places", "merchants"])
def test_own_lists_have_no_blank_lines_and_no_repeats(name: str):
    names = own_list(name)
    assert all(each == each.strip() and each for each in names)
    assert len(set(names)) == len(names)


def test_own_lists_are_among_all_names():
    assert {name for name in own_list("merchants") if len(name) > 2} <= set(all_names().merchants)
    assert {name for name in own_list("places") if len(name) > 2} <= set(all_names().places)


def test_there_are_names_of_many_origins():
    names = all_names()
    assert {"Marie", "Oliver", "Giulia", "Ahmed", "Priya", "Kwame"} <= set(names.first)
    assert {"Dupont", "Smith", "Nguyen", "Kowalski", "Garcia", "Okafor"} <= set(names.family)
    assert {"London", "Lyon", "Nairobi", "Osaka", "Montreal"} & set(names.places)


def test_there_are_far_more_names_than_the_corpus_could_hold():
    names = all_names()
    assert min(len(names.first), len(names.family), len(names.places)) > 5000
    assert len(names.merchants) > 2000


def test_brands_that_are_also_words_are_among_the_merchants():
    assert {"Orange", "Apple", "Target", "Boulanger"} <= set(all_names().merchants)
