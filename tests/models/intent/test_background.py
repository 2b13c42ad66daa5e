from __future__ import annotations

from collections import Counter

import pytest

from models.intent.background import background
from models.intent.contract import OUT_OF_SCOPE
from models.intent.dataset import Query, load_corpus, split_randomly
from tests.models.intent.examples import ROWS

WEATHER = [each for each in load_corpus() if each.label == OUT_OF_SCOPE and each.language == "en"][:40]


@pytest.fixture(scope="module")
def queries() -> list[Query]:
    """English queries of an application for which a part of the corpus' strangers is everyday business."""
    known = [Query(text, label, "en", text) for text, label in ROWS]
    return split_randomly([*known, *(Query(each.text, "weather", "en", each.text) for each in WEATHER)], 0, test=True)


@pytest.fixture(scope="module")
def strangers(queries: list[Query]) -> list[Query]:
    return background(queries, "all-MiniLM-L6-v2")


def test_strangers_are_out_of_scope(strangers: list[Query]):
    assert {(each.label, each.volume) for each in strangers} == {(OUT_OF_SCOPE, "background")}


def test_strangers_train_and_validate_and_are_not_reported_on(strangers: list[Query]):
    assert {each.split for each in strangers} == {"train", "validation"}


def test_strangers_speak_the_users_language(strangers: list[Query]):
    assert {each.language for each in strangers} == {"en"}


def test_no_stranger_is_like_what_the_user_trains_on(queries: list[Query], strangers: list[Query]):
    trained = {each.text for each in queries if each.split == "train"}
    assert {each.text for each in WEATHER} & trained
    assert trained & {each.text for each in strangers} == set()


def test_strangers_are_the_fewer_in_each_split(queries: list[Query], strangers: list[Query]):
    """The share in validation data is what probabilities are calibrated for."""
    known, strange = Counter(each.split for each in queries), Counter(each.split for each in strangers)
    assert 0 < strange["train"] <= 0.2 * known["train"]
    assert 0 < strange["validation"] <= known["validation"]
