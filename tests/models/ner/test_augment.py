from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ner.augment import variants
from models.ner.dataset import Sentence, label_counts, load_corpus, read_marked
from models.ner.names import all_names, own_list
from tests.models.ner.examples import sentences


def of(marked: str, language: str = "en") -> Sentence:
    return Sentence(*read_marked(marked), language)


def names(made: list[Sentence], label: str) -> set[str]:
    return {each.text[span.start : span.end] for each in made for span in each.spans if span.label == label}


def test_one_copy_is_the_sentence_itself():
    assert variants(sentences(), 1, 0) == sentences()


def test_the_sentences_themselves_come_first():
    made = variants(sentences(), 3, 0)
    assert made[: len(sentences())] == sentences()
    assert len(made) == 3 * len(sentences())


def test_equal_seeds_make_equal_variants_and_others_others():
    assert variants(sentences(), 3, 7) == variants(sentences(), 3, 7)
    assert variants(sentences(), 3, 7) != variants(sentences(), 3, 8)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_spans_of_variants_lie_in_their_texts_and_apart(seed: int):
    corpus = load_corpus()
    for each in variants(corpus[seed % len(corpus) :][:6], 4, seed):
        assert all(0 <= span.start < span.end <= len(each.text) for span in each.spans)
        assert all(one.end <= other.start for one, other in pairwise(each.spans))


def test_every_entity_of_a_sentence_is_in_its_variants():
    made = variants(sentences(), 20, 0)
    for place, original in enumerate(sentences()):
        for variant in made[place :: len(sentences())]:
            labels = [span.label for span in variant.spans]
            assert labels[: len(original.spans)] == [span.label for span in original.spans]


def test_names_are_exchanged_for_others_of_the_lists():
    made = variants([of("send it to [Paul](PERSON) in [Paris](LOCATION) via [Orange](MERCHANT)")], 300, 0)
    assert len(names(made, "PERSON")) > 100
    assert len(names(made, "LOCATION")) > 100
    assert len(names(made, "MERCHANT") & set(own_list("merchants"))) > 50
    assert len(names(made, "LOCATION") & set(all_names().places)) > 50


@pytest.mark.parametrize("label", ["PER", "person", "LOC", "GPE", "ORG"])
def test_names_of_other_label_sets_are_exchanged_too(label: str):
    sentence = Sentence("it was Paul", read_marked("it was [Paul](X)")[1], "en")
    span = sentence.spans[0]
    relabelled = Sentence(sentence.text, (type(span)(span.start, span.end, label),), "en")
    assert len(names(variants([relabelled], 50, 0), label)) > 20


def test_labels_nobody_has_lists_for_keep_their_words():
    made = variants([of("my [hamster](ANIMAL) is ill")], 40, 0)
    assert {each.lower()[0] for each in names(made, "ANIMAL")} == {"h"}


def test_amounts_keep_their_way_of_writing_and_dates_stay_dates():
    made = variants([of("paid [1 200,50 \u20ac](AMOUNT) le [3 mai 2025](DATE)", "fr")], 60, 0)
    same = [each for each in names(made, "AMOUNT") if len(each) == len("1 200,50 \u20ac") and each[1] == " "]
    assert len(same) > 5
    assert any(each.endswith("mai 2025") for each in names(made, "DATE"))


def test_some_are_typed_as_people_type():
    original = of("Could you send it to [Am\u00e9lie](PERSON), please?")
    texts = [each.text for each in variants([original], 400, 0)[1:]]
    assert sum(text.islower() for text in texts) > 40
    assert sum(text.isupper() for text in texts) > 2
    assert sum("?" not in text for text in texts) > 20
    assert sum("please" not in text.lower() for text in texts) > 5


def test_a_variant_stays_in_the_split_and_language_of_its_sentence():
    for each in variants([of("[50 \u20ac](AMOUNT) pour [Paul](PERSON)", "fr")], 20, 0):
        assert (each.language, each.split) == ("fr", "train")


def test_no_label_gets_lost():
    corpus = [each for each in load_corpus() if each.split == "train"][:300]
    assert set(label_counts(variants(corpus, 2, 0))) == set(label_counts(corpus))
