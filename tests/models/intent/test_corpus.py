from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from models.intent.contract import INTENTS, OUT_OF_SCOPE
from models.intent.dataset import CORPUS, Query, load_corpus

LANGUAGES = ("en", "fr")


@pytest.fixture(scope="module")
def corpus() -> list[Query]:
    return load_corpus()


def splits_by(queries: list[Query], key: Callable[[Query], str]) -> dict[str, set[str]]:
    splits: dict[str, set[str]] = defaultdict(set)
    for query in queries:
        splits[key(query)].add(query.split)
    return splits


def plain(query: Query) -> str:
    """The text without what a writer varies without thinking: case and punctuation."""
    words = "".join(each if each.isalnum() else " " for each in query.text.lower()).split()
    return " ".join(words) or query.text


def test_every_intent_of_the_contract_is_there_and_no_other(corpus: list[Query]):
    assert {query.label for query in corpus} == {*INTENTS, OUT_OF_SCOPE}


def test_every_file_holds_the_label_it_is_named_for():
    for file in CORPUS.glob("*/*.jsonl"):
        assert f'"label": "{file.stem}"' in file.read_text(encoding="utf-8").splitlines()[0]
        assert file.read_text(encoding="utf-8").count(f'"label": "{file.stem}"') == len(
            file.read_text(encoding="utf-8").splitlines()
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_60_utterances_in_each_language(corpus: list[Query], language: str):
    counts = Counter(query.label for query in corpus if query.language == language)
    assert {label: counts[label] for label in INTENTS if counts[label] < 60} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_out_of_scope_has_400_utterances_in_each_language(corpus: list[Query], language: str):
    assert sum(query.label == OUT_OF_SCOPE and query.language == language for query in corpus) >= 400


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_every_label_is_in_every_split(corpus: list[Query], split: str, language: str):
    found = {query.label for query in corpus if (query.split, query.language) == (split, language)}
    assert found == {*INTENTS, OUT_OF_SCOPE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_in_the_independent_volume(corpus: list[Query], language: str):
    found = {query.label for query in corpus if (query.volume, query.language) == ("independent", language)}
    assert found == {*INTENTS, OUT_OF_SCOPE}


def test_there_are_no_other_languages(corpus: list[Query]):
    assert {query.language for query in corpus} == set(LANGUAGES)


def test_the_independent_volume_is_never_trained_on(corpus: list[Query]):
    assert {query.split for query in corpus if query.volume == "independent"} == {"test"}


def test_no_text_twice(corpus: list[Query]):
    assert [text for text, count in Counter(query.text for query in corpus).items() if count > 1] == []


def test_no_text_in_two_splits_whatever_its_case_and_punctuation(corpus: list[Query]):
    assert [text for text, splits in splits_by(corpus, plain).items() if len(splits) > 1] == []


def test_no_text_under_two_labels_whatever_its_case_and_punctuation(corpus: list[Query]):
    labels: dict[str, set[str]] = defaultdict(set)
    for query in corpus:
        labels[plain(query)].add(query.label)
    assert [text for text, found in labels.items() if len(found) > 1] == []


def test_no_family_in_two_splits(corpus: list[Query]):
    assert [family for family, splits in splits_by(corpus, lambda query: query.family).items() if len(splits) > 1] == []


def test_no_family_under_two_labels(corpus: list[Query]):
    labels: dict[str, set[str]] = defaultdict(set)
    for query in corpus:
        labels[query.family].add(query.label)
    assert [family for family, found in labels.items() if len(found) > 1] == []


def test_every_text_is_one_that_the_service_takes(corpus: list[Query]):
    assert [query.text for query in corpus if not 1 <= len(query.text) <= 2000] == []
