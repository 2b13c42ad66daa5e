from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data_file import DataError
from models.intent.dataset import (
    Query,
    check_trainable,
    corpus_digest,
    load_corpus,
    read_csv,
    split_randomly,
)
from tests.models.intent.examples import write_csv

QUERIES = st.lists(
    st.builds(
        lambda text, label: Query(text, label, "en", text.lower()),
        st.text("abcAB", min_size=1, max_size=3),
        st.sampled_from(["one", "two", "out_of_scope"]),
    ),
    max_size=80,
)


def csv_of(tmp_path: Path, content: str | bytes, name: str = "data.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_rows_become_queries(tmp_path: Path):
    [query] = read_csv(csv_of(tmp_path, "text,label\nWhat is my balance?,check_balance\n"))
    assert query == Query("What is my balance?", "check_balance", "en", "what is my balance?")


def test_text_is_normalised_and_labels_trimmed(tmp_path: Path):
    [query] = read_csv(csv_of(tmp_path, "text,label\n  l\u2019app   ne marche pas , bug \n"))
    assert (query.text, query.label, query.language) == ("l'app ne marche pas", "bug", "fr")


@pytest.mark.parametrize("name", ["oos", "OOS", "ood", "out_of_scope"])
def test_out_of_scope_has_three_names(tmp_path: Path, name: str):
    assert read_csv(csv_of(tmp_path, f"text,label\nhello,{name}\n"))[0].label == "out_of_scope"


def test_columns_are_found_by_name(tmp_path: Path):
    file = csv_of(tmp_path, "id,intent,query\n1,greeting,hello\n")
    assert read_csv(file, "query", "intent")[0].label == "greeting"


def test_gzip_is_read_by_its_ending(tmp_path: Path):
    content = b"text,label\nhello,greeting\n"
    plain, zipped = csv_of(tmp_path, content), csv_of(tmp_path, gzip.compress(content), "data.csv.gz")
    assert read_csv(plain) == read_csv(zipped)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbftext,label\nhello,greeting\n",
        b"text,label\r\nhello,greeting\r\n",
        b"text,label\n\nhello,greeting\n\n",
        b'text,label\n"hello",greeting',
        b'text,label\n"hel\x00lo",greeting'.replace(b"\x00", b""),
    ],
    ids=["byte order mark", "Windows lines", "blank lines", "quotes", "no last newline"],
)
def test_the_ways_of_spreadsheets_are_read(tmp_path: Path, content: bytes):
    assert [query.text for query in read_csv(csv_of(tmp_path, content))] == ["hello"]


def test_a_quoted_field_may_hold_commas_quotes_and_newlines(tmp_path: Path):
    content = 'text,label\n"a, ""b""\nc",greeting\n'
    assert read_csv(csv_of(tmp_path, content))[0].text == 'a, "b" c'


@given(rows=st.lists(st.tuples(st.text("ab ,\"\n'\u00e9", min_size=1), st.text("xy,", min_size=1)), min_size=1))
def test_what_python_writes_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]):
    rows = [(f"t{text}", label) for text, label in rows]
    file = write_csv(tmp_path_factory.mktemp("csv") / "data.csv", rows)
    assert [(query.text, query.label) for query in read_csv(file)] == [(" ".join(t.split()), x) for t, x in rows]


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty file": ("", "line 1: no column 'text'; the header has nothing"),
    "no text column": ("query,label\nhello,x\n", "line 1: no column 'text'; the header has query, label"),
    "no label column": ("text,intent\nhello,x\n", "line 1: no column 'label'; the header has text, intent"),
    "semicolons": ("text;label\nhello;x\n", "line 1: no column 'text'; the header has text;label"),
    "header only": ("text,label\n", "no rows"),
    "empty text": ("text,label\nhello,x\n,x\n", "line 3: empty text"),
    "text of spaces": ("text,label\nhello,x\n  \t ,x\n", "line 3: empty text"),
    "empty label": ("text,label\nhello,x\nbye, \n", "line 3: empty label"),
    "too few fields": ("text,label\nhello,x\nbye\n", "line 3: empty label"),
    "too many fields": ("text,label\nhello, you,x\n", "line 2: more fields than the header has"),
    "not UTF-8": (b"text,label\nhello,x\nd\xe9bit,x\n", "line 3: not UTF-8"),
    "not UTF-8 after a byte order mark": (b"\xef\xbb\xbftext,label\nhello,x\nd\xe9bit,x\n", "line 3: not UTF-8"),
    "UTF-16": ("text,label\nhello,x\n".encode("utf-16"), "line 1: not UTF-8"),
    "line after a quoted newline": ('text,label\n"a\nb",x\n,x\n', "line 4: empty text"),
    "an endless field": (f"text,label\nhello,x\n{'x' * 200_000},x\n", "line 3: "),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_content_is_told_with_file_and_line(tmp_path: Path, case: str):
    content, message = BAD[case]
    file = csv_of(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_csv(file)
    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "missing.csv.gz", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str):
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / name)


ZIPPED = gzip.compress(b"text,label\n" + b"".join(b"word %d,x\n" % n for n in range(500)))


@pytest.mark.parametrize(
    "content",
    [
        b"text,label\nhello,x\n",
        ZIPPED[:-20],
        ZIPPED[:100],
        ZIPPED[:300] + b"\xff\xff\xff\xff" + ZIPPED[304:],
        b"\x1f\x8b",
    ],
    ids=["plain", "end cut off", "half", "changed", "its first bytes"],
)
def test_broken_gzip_is_told(tmp_path: Path, content: bytes):
    file = csv_of(tmp_path, content, "data.csv.gz")
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(file)


def labelled(**counts: int) -> list[Query]:
    return [Query(f"{label} {n}", label, "en", f"{label} {n}") for label, count in counts.items() for n in range(count)]


def test_two_labels_of_four_queries_are_enough():
    check_trainable(labelled(one=4, two=4), Path("data.csv"))


@pytest.mark.parametrize("counts", [{"one": 9}, {"one": 9, "out_of_scope": 9}, {"out_of_scope": 9}])
def test_one_label_is_not_enough(counts: dict[str, int]):
    with pytest.raises(DataError, match=r"data\.csv: needs at least two labels besides out_of_scope"):
        check_trainable(labelled(**counts), Path("data.csv"))


@pytest.mark.parametrize("rare", ["three", "out_of_scope"])
def test_a_label_of_three_queries_is_told(rare: str):
    with pytest.raises(DataError, match=rf"data\.csv: fewer than 4 rows for {rare}"):
        check_trainable(labelled(one=9, two=9, **{rare: 3}), Path("data.csv"))


def test_four_times_the_same_text_are_not_four_queries():
    """All four would go to validation, and the label would be learnt by nobody."""
    same = [Query("same", "three", "en", "same")] * 4
    with pytest.raises(DataError, match="three"):
        check_trainable([*labelled(one=9, two=9), *same], Path("data.csv"))


@given(QUERIES, st.integers(0, 3), st.booleans())
def test_splitting_keeps_every_query_once(queries: list[Query], seed: int, test: bool):
    split = split_randomly(queries, seed, test)
    assert Counter(replace(query, split="train") for query in split) == Counter(queries)


@given(QUERIES, st.integers(0, 3), st.booleans())
def test_splitting_keeps_equal_texts_of_a_label_together(queries: list[Query], seed: int, test: bool):
    splits: dict[tuple[str, str], set[str]] = {}
    for query in split_randomly(queries, seed, test):
        splits.setdefault((query.label, query.family), set()).add(query.split)
    assert all(len(each) == 1 for each in splits.values())


@given(QUERIES, st.integers(0, 3), st.booleans())
def test_splitting_alike_by_the_same_seed(queries: list[Query], seed: int, test: bool):
    assert split_randomly(queries, seed, test) == split_randomly(queries, seed, test)


def test_splitting_otherwise_by_another_seed():
    queries = labelled(one=50, two=50)
    assert split_randomly(queries, 0, test=True) != split_randomly(queries, 1, test=True)


@pytest.mark.parametrize("test", [True, False])
def test_splitting_gives_each_label_its_share(test: bool):
    split = Counter((query.label, query.split) for query in split_randomly(labelled(one=100, two=25), 0, test))
    assert split["one", "validation"] == 12
    assert split["two", "validation"] == 3
    assert split["one", "test"] == (12 if test else 0)


@pytest.mark.parametrize("count", [4, 5, 9])
def test_splitting_leaves_the_rarest_label_in_every_split(count: int):
    split = split_randomly(labelled(one=count, two=50), 0, test=True)
    assert {query.split for query in split if query.label == "one"} == {"train", "validation", "test"}


def test_the_corpus_is_the_same_each_time():
    assert load_corpus() == load_corpus()


def test_the_corpus_is_split_about_as_said():
    queries = [query for query in load_corpus() if query.volume != "independent"]
    splits = Counter(query.split for query in queries)
    assert splits["train"] / len(queries) == pytest.approx(0.74, abs=0.02)
    assert splits["validation"] / len(queries) == pytest.approx(0.13, abs=0.02)


def test_a_new_family_moves_no_other(tmp_path: Path):
    line = '{{"text": "{0}", "label": "a", "language": "en", "family": "{0}"}}\n'
    (tmp_path / "one").mkdir()
    file = tmp_path / "one" / "a.jsonl"
    file.write_text("".join(line.format(f"f{n}") for n in range(50)))
    before = load_corpus(tmp_path)
    file.write_text("".join(line.format(f"f{n}") for n in range(-50, 50)))
    assert {query for query in load_corpus(tmp_path) if query in before} == set(before)


@pytest.mark.parametrize("change", [{"text": "other"}, {"label": "other"}, {"split": "test"}])
def test_the_digest_changes_with_any_query(change: dict[str, str]):
    queries = labelled(one=5, two=5)
    changed = [*queries[:3], replace(queries[3], **change), *queries[4:]]
    assert corpus_digest(changed) != corpus_digest(queries)


def test_the_digest_changes_with_a_query_less_and_with_order():
    queries = labelled(one=5)
    assert len({corpus_digest(queries), corpus_digest(queries[1:]), corpus_digest(queries[::-1])}) == 3
