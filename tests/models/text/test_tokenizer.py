from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from models.text.backbone import resolve_backbone, save_tokenizer
from models.text.tokenizer import TextTokenizer, pad

ROWS = st.lists(st.lists(st.integers(1, 30_000), max_size=40), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    save_tokenizer("all-MiniLM-L6-v2", folder)
    return folder / "tokenizer.json"


@pytest.fixture(scope="module")
def short(file: Path) -> TextTokenizer:
    return TextTokenizer(file, 16)


def test_it_gives_the_ids_that_transformers_gives(file: Path):
    from transformers import AutoTokenizer

    texts = ["What is my balance?", "Combien d'argent me reste-t-il ?", "", "\U0001f600", "zzzzqqqq", "a" * 300]
    theirs = AutoTokenizer.from_pretrained(resolve_backbone())(texts, truncation=True, max_length=64, padding=False)
    assert [row.tolist() for row in TextTokenizer(file, 64)(texts)] == theirs["input_ids"]


def test_it_knows_the_ids_of_padding_and_of_what_it_does_not_know(short: TextTokenizer):
    assert (short.pad_id, short.unknown_id) == (0, 100)


@pytest.mark.parametrize("length", [4, 48, 256])
def test_long_text_is_cut_and_keeps_its_end_mark(file: Path, length: int):
    one, many = TextTokenizer(file, length)(["hello", "hello " * 500])
    assert len(many) == length
    assert many[-1] == one[-1]


@given(st.lists(st.text(), max_size=5))
def test_any_text_has_between_two_tokens_and_the_bound(short: TextTokenizer, texts: list[str]):
    rows = short(texts)
    assert len(rows) == len(texts)
    assert all(2 <= len(row) <= 16 and row.dtype == np.int64 for row in rows)


@given(st.lists(st.text(max_size=30), max_size=5))
def test_a_text_has_the_same_ids_alone(short: TextTokenizer, texts: list[str]):
    assert all(np.array_equal(short([text])[0], row) for text, row in zip(texts, short(texts), strict=True))


def test_its_rows_are_not_padded(file: Path):
    one, many = TextTokenizer(file, 64)(["hi", "a much longer sentence than the other"])
    assert len(one) == 3 < len(many)


@pytest.mark.parametrize(
    ("vocabulary", "expected"), [({"a": 0, "<pad>": 1}, 1), ({"a": 0, "[PAD]": 2}, 2), ({"a": 0}, 0)]
)
def test_the_padding_token_is_found_by_its_usual_names(tmp_path: Path, vocabulary: dict[str, int], expected: int):
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="a"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert TextTokenizer(tmp_path / "tokenizer.json", 8).pad_id == expected


@given(ROWS, st.integers(-1, 5))
def test_padding_keeps_rows_and_marks_them(rows: list[list[int]], pad_id: int):
    ids, mask = pad([np.array(row, dtype=np.int64) for row in rows], pad_id)
    assert ids.shape == mask.shape == (len(rows), max(map(len, rows)))
    assert [row[kept == 1].tolist() for row, kept in zip(ids, mask, strict=True)] == rows
    assert (ids[mask == 0] == pad_id).all()


@given(ROWS)
def test_padding_is_on_the_right(rows: list[list[int]]):
    _, mask = pad([np.array(row, dtype=np.int64) for row in rows], 0)
    assert (np.diff(mask, axis=1) <= 0).all()
