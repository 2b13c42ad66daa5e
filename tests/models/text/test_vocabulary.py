from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer

from models.text.backbone import load_encoder, save_tokenizer
from models.text.vocabulary import add_french, lexicon


@pytest.fixture
def encoder(tiny_backbone: Path) -> Any:
    return load_encoder(str(tiny_backbone))


@pytest.fixture
def file(tiny_backbone: Path, tmp_path: Path) -> Path:
    save_tokenizer(str(tiny_backbone), tmp_path)
    return tmp_path / "tokenizer.json"


def unpadded(file: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    return tokenizer


def change(file: Path, **fields: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | fields), encoding="utf-8")


def test_every_word_of_the_lexicon_is_as_the_tokenizer_sees_words():
    wrong = [
        word
        for word in lexicon()
        if word != word.lower() or not word.isalpha() or unicodedata.normalize("NFD", word) != word
    ]
    assert wrong == []


def test_every_word_of_the_lexicon_has_a_gloss_that_the_tokenizer_can_read(file: Path):
    tokenizer = unpadded(file)
    unknown = tokenizer.token_to_id("[UNK]")
    pieces = {word: tokenizer.encode(gloss, add_special_tokens=False).ids for word, gloss in lexicon().items()}
    assert [word for word, ids in pieces.items() if not ids or unknown in ids] == []


def test_it_says_how_many_words_it_added(encoder: Any, file: Path):
    before = unpadded(file).get_vocab_size()
    added = add_french(encoder, file)
    assert added > 4000
    assert unpadded(file).get_vocab_size() == before + added == encoder.get_input_embeddings().num_embeddings


def test_a_french_word_becomes_one_token(encoder: Any, file: Path):
    before = unpadded(file).encode("Pr\u00e9l\u00e8vement refus\u00e9", add_special_tokens=False).tokens
    add_french(encoder, file)
    after = unpadded(file).encode("Pr\u00e9l\u00e8vement refus\u00e9", add_special_tokens=False).tokens
    assert len(before) > len(after) == 2


def test_a_french_word_starts_as_the_mean_of_its_glosses_pieces(encoder: Any, file: Path):
    old = encoder.get_input_embeddings().weight.data.clone()
    english = unpadded(file)
    add_french(encoder, file)
    new = encoder.get_input_embeddings().weight.data
    ids = unpadded(file).get_vocab()
    for word in ("prelevement", "solde", "virement"):
        pieces = english.encode(lexicon()[word], add_special_tokens=False).ids
        assert torch.allclose(new[ids[word]], old[pieces].mean(0))


def test_english_tokens_keep_ids_and_vectors(encoder: Any, file: Path):
    old = encoder.get_input_embeddings().weight.data.clone()
    text = "What is my balance?"
    before = unpadded(file).encode(text).ids
    add_french(encoder, file)
    assert unpadded(file).encode(text).ids == before
    assert torch.equal(encoder.get_input_embeddings().weight.data[: len(old)], old)


def test_no_vector_is_other_than_finite(encoder: Any, file: Path):
    add_french(encoder, file)
    assert encoder.get_input_embeddings().weight.isfinite().all()


def test_the_encoder_runs_on_the_new_tokens(encoder: Any, file: Path):
    add_french(encoder, file)
    ids = torch.tensor([unpadded(file).encode("combien sur mon compte").ids])
    assert encoder(input_ids=ids).last_hidden_state.isfinite().all()


def test_a_second_time_it_adds_nothing(encoder: Any, file: Path):
    add_french(encoder, file)
    vectors, content = encoder.get_input_embeddings().weight.data.clone(), file.read_bytes()
    assert add_french(encoder, file) == 0
    assert torch.equal(encoder.get_input_embeddings().weight.data, vectors)
    assert json.loads(file.read_bytes()) == json.loads(content)


def test_new_words_get_their_own_vectors_where_the_encoder_has_spare_rows(encoder: Any, file: Path):
    """Many encoders round the number of rows up to a multiple of 8 or 64."""
    encoder.resize_token_embeddings(pad_to_multiple_of=64, mean_resizing=False)
    old = encoder.get_input_embeddings().weight.data.clone()
    assert len(old) > unpadded(file).get_vocab_size()
    pieces = unpadded(file).encode(lexicon()["solde"], add_special_tokens=False).ids
    add_french(encoder, file)
    new = encoder.get_input_embeddings()
    assert torch.allclose(new.weight.data[unpadded(file).get_vocab()["solde"]], old[pieces].mean(0))


@pytest.mark.parametrize("fields", [{"normalizer": None}, {"model": {"type": "BPE", "vocab": {}, "merges": []}}])
def test_tokenizers_of_other_kinds_are_left_alone(encoder: Any, file: Path, fields: dict[str, Any]):
    change(file, **fields)
    content, vectors = file.read_bytes(), encoder.get_input_embeddings().weight.data.clone()
    assert add_french(encoder, file) == 0
    assert file.read_bytes() == content
    assert torch.equal(encoder.get_input_embeddings().weight.data, vectors)
