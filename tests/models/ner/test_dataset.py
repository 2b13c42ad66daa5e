from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data_file import DataError
from models.ner.dataset import (
    Sentence,
    check_trainable,
    corpus_digest,
    label_counts,
    load_corpus,
    read_marked,
    read_sentences,
    split_randomly,
)
from models.ner.tagging import Span
from tests.models.ner.examples import CONLL, sentences, write_jsonl

DATA = Path("data.jsonl")


def file_of(tmp_path: Path, content: str | bytes, name: str = "data.jsonl") -> Path:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def entities(sentence: Sentence) -> list[tuple[str, str]]:
    return [(span.label, sentence.text[span.start : span.end]) for span in sentence.spans]


def plain(text: str) -> Sentence:
    return Sentence(text, (), "en")


def test_json_lines_become_sentences(tmp_path: Path):
    row = {"text": "pay \U0001f600 Paul", "entities": [{"start": 6, "end": 10, "label": "PERSON"}]}
    [sentence] = read_sentences(file_of(tmp_path, json.dumps(row)))
    assert entities(sentence) == [("PERSON", "Paul")]
    assert (sentence.language, sentence.split) == ("en", "train")


def test_entities_may_come_in_any_order(tmp_path: Path):
    given_spans = [{"start": 8, "end": 12, "label": "B"}, {"start": 0, "end": 3, "label": "A"}]
    [sentence] = read_sentences(file_of(tmp_path, json.dumps({"text": "pay for Paul", "entities": given_spans})))
    assert entities(sentence) == [("A", "pay"), ("B", "Paul")]


@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.jsonl.gz"])
def test_json_is_known_by_its_ending(tmp_path: Path, name: str):
    content = b'{"text": "hello", "entities": []}\n\n'
    file = file_of(tmp_path, gzip.compress(content) if name.endswith(".gz") else content, name)
    assert [each.text for each in read_sentences(file)] == ["hello"]


@pytest.mark.parametrize("name", ["data.conll", "data.txt", "train.bio", "data", "data.conll.gz"])
def test_anything_else_is_conll(tmp_path: Path, name: str):
    content = gzip.compress(CONLL.encode()) if name.endswith(".gz") else CONLL
    first, second = read_sentences(file_of(tmp_path, content, name))
    assert first.text == "EU rejects German call."
    assert entities(first) == [("ORG", "EU"), ("MISC", "German")]
    assert entities(second) == [("PER", "Peter Blackburn"), ("LOC", "New York")]


@pytest.mark.parametrize(
    "content",
    [
        CONLL.replace(" ", "\t"),
        CONLL.replace("\n", "\r\n"),
        CONLL.rstrip("\n"),
        CONLL.replace("\n\n", "\n\n\n"),
        "\ufeff" + CONLL,
        "-DOCSTART- -X- O O\n\n" + CONLL,
        CONLL.replace(" O", " NN I-NP O").replace(" B-", " NN I-NP B-").replace(" I-PER", " NN I-NP I-PER"),
    ],
    ids=["tabs", "Windows lines", "no last newline", "blank lines", "byte order mark", "documents", "four columns"],
)
def test_the_ways_of_conll_are_read(tmp_path: Path, content: str):
    read = read_sentences(file_of(tmp_path, content, "data.conll"))
    assert [entities(each) for each in read] == [
        [("ORG", "EU"), ("MISC", "German")],
        [("PER", "Peter Blackburn"), ("LOC", "New York")],
    ]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-A I-A B-A", [("A", "a b"), ("A", "c")]),
        ("I-A I-A O", [("A", "a b")]),
        ("B-A O I-A", [("A", "a"), ("A", "c")]),
        ("B-A I-B I-B", [("A", "a"), ("B", "b c")]),
    ],
    ids=["neighbours", "begun with I", "gap", "another label"],
)
def test_tags_are_read_as_their_inventors_did(tmp_path: Path, tags: str, expected: list[tuple[str, str]]):
    lines = [f"{word} {tag}" for word, tag in zip("abc", tags.split(), strict=True)]
    [sentence] = read_sentences(file_of(tmp_path, "\n".join(lines), "data.conll"))
    assert entities(sentence) == expected


WORDS = st.lists(
    st.tuples(
        st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=5),
        st.sampled_from(["O", "B-A", "I-A", "B-B"]),
    ),
    min_size=1,
    max_size=20,
)


@given(words=WORDS)
def test_every_word_of_conll_is_in_the_text_and_its_entity(tmp_path_factory: pytest.TempPathFactory, words):
    words = [(word if word != "-DOCSTART-" else "x", tag) for word, tag in words]
    file = tmp_path_factory.mktemp("conll") / "data.conll"
    file.write_text("\n".join(f"{word} {tag}" for word, tag in words), encoding="utf-8")
    [sentence] = read_sentences(file)
    assert sentence.text.replace(" ", "") == "".join(word for word, _ in words)
    tagged = "".join(word for word, tag in words if tag != "O")
    assert "".join(text for _, text in entities(sentence)).replace(" ", "") == tagged


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty file": ("", "no sentences"),
    "blank lines": ("\n\n", "no sentences"),
    "no JSON": ('{"text": "a", "entities": []}\nhello\n', 'line 2: needs {"text"'),
    "a list": ("[]\n", 'line 1: needs {"text"'),
    "no text": ('{"entities": []}', 'line 1: needs {"text"'),
    "no entities": ('{"text": "a"}', 'line 1: needs {"text"'),
    "entities without a label": ('{"text": "a", "entities": [{"start": 0, "end": 1}]}', 'line 1: needs {"text"'),
    "empty text": ('{"text": " ", "entities": []}', "line 1: empty text"),
    "text that is a number": ('{"text": 5, "entities": []}', "line 1: empty text"),
    "span behind the text": (
        '{"text": "a", "entities": [{"start": 0, "end": 2, "label": "A"}]}',
        "not within the text",
    ),
    "span before the text": ('{"text": "a", "entities": [{"start": -1, "end": 1, "label": "A"}]}', "not within the"),
    "empty span": (
        '{"text": "a", "entities": [{"start": 1, "end": 1, "label": "A"}]}',
        "1 to 1 is not within the text",
    ),
    "span of text": ('{"text": "a", "entities": [{"start": "0", "end": "1", "label": "A"}]}', "is not within the text"),
    "overlap": (
        '{"text": "abc", "entities": [{"start": 0, "end": 2, "label": "A"}, {"start": 1, "end": 3, "label": "A"}]}',
        "line 1: entities overlap",
    ),
    "not UTF-8": (b'{"text": "a", "entities": []}\n{"text": "d\xe9bit", "entities": []}\n', "line 2: not UTF-8"),
}
BAD_CONLL = {
    "a word without a tag": ("a O\nb\n", "line 2: needs a word and a tag"),
    "no BIO tag": ("a O\nb X-A\n", "line 2: 'X-A' is no BIO tag"),
    "a tag without a label": ("a O\nb B-\n", "line 2: 'B-' is no BIO tag"),
    "only documents": ("-DOCSTART- O\n", "no sentences"),
}


def refusal(file: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_sentences(file)
    assert str(caught.value).startswith(str(file))
    return str(caught.value)


@pytest.mark.parametrize("case", BAD)
def test_bad_json_lines_are_told_with_file_and_line(tmp_path: Path, case: str):
    assert BAD[case][1] in refusal(file_of(tmp_path, BAD[case][0]))


@pytest.mark.parametrize("case", BAD_CONLL)
def test_bad_conll_is_told_with_file_and_line(tmp_path: Path, case: str):
    assert BAD_CONLL[case][1] in refusal(file_of(tmp_path, BAD_CONLL[case][0], "data.conll"))


@pytest.mark.parametrize("label", ["5", "null", '""', '["A"]'])
def test_a_label_that_is_no_name_is_told(tmp_path: Path, label: str):
    row = f'{{"text": "abc", "entities": [{{"start": 0, "end": 2, "label": {label}}}]}}'
    assert "line 1: " in refusal(file_of(tmp_path, row))


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.conll.gz", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str):
    assert "cannot be read" in refusal(tmp_path / name)


def test_what_is_written_as_json_lines_is_read(tmp_path: Path):
    read = read_sentences(write_jsonl(tmp_path / "data.jsonl", sentences()))
    assert [(each.text, each.spans) for each in read] == [(each.text, each.spans) for each in sentences()]


def test_marks_become_spans():
    text, spans = read_marked("[50 \u20ac](AMOUNT) pour [Zo\u00e9](PERSON), [sic] (non)")
    assert text == "50 \u20ac pour Zo\u00e9, [sic] (non)"
    assert spans == (Span(0, 4, "AMOUNT"), Span(10, 13, "PERSON"))


def test_twenty_sentences_with_entities_are_enough():
    check_trainable(sentences()[:20], DATA)


def test_nineteen_are_not():
    with pytest.raises(DataError, match=r"data\.jsonl: fewer than 20 sentences with entities"):
        check_trainable([*sentences()[:19], *(plain(f"nothing {n}") for n in range(50))], DATA)


def test_labels_are_counted():
    assert label_counts([Sentence(*read_marked("[a](X) [b](Y) [c](X)"), "en"), plain("d")]) == {"X": 2, "Y": 1}


TEXTS = st.lists(st.text("abc", min_size=1, max_size=3).map(plain), max_size=60)


@given(TEXTS, st.integers(0, 3), st.booleans())
def test_splitting_keeps_every_sentence_once_and_equal_texts_together(data: list[Sentence], seed: int, test: bool):
    split = split_randomly(data, seed, test)
    assert [replace(each, split="train") for each in split] == data
    assert len({(each.text, each.split) for each in split}) == len({each.text for each in data})


@given(TEXTS, st.integers(0, 3), st.booleans())
def test_splitting_alike_by_the_same_seed(data: list[Sentence], seed: int, test: bool):
    assert split_randomly(data, seed, test) == split_randomly(data, seed, test)


@pytest.mark.parametrize("test", [True, False])
def test_splitting_gives_each_split_its_share(test: bool):
    data = [plain(str(n)) for n in range(100)]
    shares = Counter(each.split for each in split_randomly(data, 0, test))
    assert shares == {"validation": 12, "train": 76 if test else 88} | ({"test": 12} if test else {})


def test_splitting_takes_no_more_than_800():
    shares = Counter(each.split for each in split_randomly([plain(str(n)) for n in range(10_000)], 0, True))
    assert (shares["validation"], shares["test"]) == (800, 800)


def test_the_corpus_is_the_same_each_time():
    assert load_corpus() == load_corpus()


@pytest.mark.parametrize("change", [{"text": "other"}, {"spans": ()}, {"split": "test"}])
def test_the_digest_changes_with_any_sentence(change: dict[str, object]):
    data = sentences()
    changed = [*data[:3], replace(data[3], **change), *data[4:]]
    assert corpus_digest(changed) != corpus_digest(data)


def test_the_digest_changes_with_a_sentence_less():
    assert corpus_digest(sentences()[1:]) != corpus_digest(sentences())
