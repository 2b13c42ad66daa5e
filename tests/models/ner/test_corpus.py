from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from models.ner.contract import CATEGORIES, LABELS
from models.ner.dataset import CORPUS, Sentence, load_corpus
from models.ner.train import unseen_names
from models.ner.values.resolve import Sentence as Read
from models.ner.values.resolve import resolve

LANGUAGES = ("en", "fr")
SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def corpus() -> list[Sentence]:
    return load_corpus()


def part(corpus: list[Sentence], split: str, language: str | None = None) -> list[Sentence]:
    return [each for each in corpus if each.split == split and language in (None, each.language)]


def plain(sentence: Sentence) -> str:
    """The text without what a writer varies without thinking: case, punctuation and spaces."""
    return re.sub(r"[\W_]+", " ", sentence.text.lower()).strip() or sentence.text


def surfaces(sentences: list[Sentence]) -> list[tuple[Sentence, str, str]]:
    return [(each, span.label, each.text[span.start : span.end]) for each in sentences for span in each.spans]


def test_every_file_is_of_a_split_and_a_language(corpus: list[Sentence]):
    assert {each.split for each in corpus} == set(SPLITS)
    assert {each.language for each in corpus} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("split", "least"), [("train", 1000), ("validation", 100), ("test", 300)])
def test_there_are_enough_sentences(corpus: list[Sentence], split: str, least: int, language: str):
    assert len(part(corpus, split, language)) >= least


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_of_the_contract_is_trained_and_no_other(corpus: list[Sentence], language: str):
    counts = Counter(label for _, label, _ in surfaces(part(corpus, "train", language)))
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_tested(corpus: list[Sentence], language: str):
    assert {label for _, label, _ in surfaces(part(corpus, "test", language))} == set(LABELS)


def test_no_mark_is_left_in_a_text(corpus: list[Sentence]):
    assert [each.text for each in corpus if re.search(r"\]\(|\]\s?\([A-Z]{3,}", each.text)] == []


def test_spans_are_in_order_and_apart(corpus: list[Sentence]):
    for each in corpus:
        assert all(one.end <= other.start for one, other in pairwise(each.spans)), each.text


def test_spans_have_no_space_around(corpus: list[Sentence]):
    assert [text for _, _, text in surfaces(corpus) if text != text.strip()] == []


def test_spans_end_in_no_punctuation(corpus: list[Sentence]):
    """A point may end an abbreviation (`Tesco Inc.`, `janv.`) and a bank's name may be a question (`Quick!`)."""
    assert [text for _, _, text in surfaces(corpus) if re.search(r"[,;:?]$", text)] == []


def test_spans_begin_with_no_article(corpus: list[Sentence]):
    lead = re.compile(r"(?:the|an?|le|la|les|du|des|au|aux) ", re.IGNORECASE)
    kinds = ("CATEGORY", "ACCOUNT", "PERCENT", "CARD", "IBAN", "EMAIL", "PHONE")
    assert [(label, text) for _, label, text in surfaces(corpus) if label in kinds and lead.match(text)] == []


def test_no_text_twice(corpus: list[Sentence]):
    assert [text for text, count in Counter(each.text for each in corpus).items() if count > 1] == []


def test_no_text_in_two_splits_whatever_its_case_and_punctuation(corpus: list[Sentence]):
    splits: dict[str, set[str]] = defaultdict(set)
    for each in corpus:
        splits[plain(each)].add(each.split)
    assert [text for text, found in splits.items() if len(found) > 1] == []


def test_no_writer_is_in_training_and_test(corpus: list[Sentence]):
    assert not {each.volume for each in part(corpus, "train")} & {each.volume for each in part(corpus, "test")}


def test_every_text_is_one_that_the_service_takes(corpus: list[Sentence]):
    assert [each.text for each in corpus if not 1 <= len(each.text) <= 5000] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", SPLITS)
def test_there_are_sentences_without_entities_and_in_small_letters(corpus: list[Sentence], split: str, language: str):
    sentences = part(corpus, split, language)
    assert sum(not each.spans for each in sentences) >= 0.08 * len(sentences)
    assert sum(each.text == each.text.lower() for each in sentences) >= 0.10 * len(sentences)


def test_a_third_of_the_names_in_test_sentences_are_in_no_training_sentence(corpus: list[Sentence]):
    assert set(unseen_names(corpus)) == {"MERCHANT", "PERSON", "LOCATION"}
    assert min(unseen_names(corpus).values()) >= 1 / 3


@pytest.mark.parametrize("split", ["validation", "test"])
def test_every_entity_that_is_measured_has_its_value(corpus: list[Sentence], split: str):
    for each in part(corpus, split):
        assert len(each.values) == len(each.spans), each.text
        assert each.reference is not None, each.text


FIELDS = {
    **{label: {"name"} for label in ("MERCHANT", "PERSON", "LOCATION")},
    **{"AMOUNT": {"amount", "currency"}, "PERCENT": {"percent"}, "DATE": {"start", "end"}, "CATEGORY": {"category"}},
    **{"ACCOUNT": {"account"}, "CARD": {"last4", "valid"}, "IBAN": {"iban", "valid"}},
    **{"EMAIL": {"email"}, "PHONE": {"phone"}},
}


def test_values_have_the_fields_of_the_contract(corpus: list[Sentence]):
    for each in corpus:
        for span, value in zip(each.spans, each.values or [None] * len(each.spans), strict=True):
            assert value is None or value.keys() == FIELDS[span.label], each.text
            if value and span.label == "CATEGORY":
                assert value["category"] in CATEGORIES


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_of_known_spans_are_right_95_times_in_100(corpus: list[Sentence], language: str):
    from models.ner.right_values import same_value

    wrong, total = [], 0
    for each in part(corpus, "test", language):
        assert each.reference is not None
        read = Read(each.text, each.language, each.reference)
        for span, wanted in zip(each.spans, each.values, strict=True):
            value = resolve(span.label, span.start, span.end, read)
            total += 1
            if not same_value(value.model_dump(mode="json") if value else None, wanted):
                wrong.append((each.text[span.start : span.end], span.label, value, wanted))
    assert len(wrong) <= 0.05 * total, wrong


def test_the_data_card_counts_right():
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    told: dict[str, int] = {}
    for split, volume, languages, counts in re.findall(
        r"`(\w+)/(\w+)_([\w{},]+)\.jsonl` \|[^|]*\| ([\d,+ ]+) \|", card
    ):
        for language, count in zip(languages.strip("{}").split(","), counts.split("+"), strict=True):
            told[f"{split}/{volume}_{language}.jsonl"] = int(count.replace(",", ""))
    files = {file.relative_to(CORPUS).as_posix(): file for file in CORPUS.glob("*/*.jsonl")}
    assert told == {name: len(file.read_text(encoding="utf-8").splitlines()) for name, file in files.items()}
