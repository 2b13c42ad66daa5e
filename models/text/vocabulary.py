"""French words for an English encoder.

The default backbone reads English only: its word pieces cut French words into syllables that mean nothing to it.
Here each French word of a lexicon becomes one token, whose vector starts as the mean of its English translation's
pieces, so that the encoder meets French as word-by-word English before fine-tuning begins. The idea is that of
WECHSEL (Minixhofer et al., NAACL 2022), with a lexicon in place of aligned word vectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

_LEXICON = Path(__file__).with_name("lexicon_fr.tsv")


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, str]:
    """Return English words by French word form (lower case, accents stripped, as the tokenizer sees them)."""
    lines = _LEXICON.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def add_french(encoder: Any, tokenizer_file: Path) -> int:
    """Add the lexicon's words to a WordPiece tokenizer file and to the encoder's word embeddings, both in place.

    Returns the number of words added: those the tokenizer already has keep their vectors, most being English
    too. Tokenizers of other kinds are left alone (0), as are their encoders.
    """
    description = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    if description["model"].get("type") != "WordPiece" or not (description.get("normalizer") or {}).get("lowercase"):
        return 0
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()  # the default backbone's file pads to 128: the mean below would be that of padding
    vocabulary: dict[str, int] = description["model"]["vocab"]
    old = encoder.get_input_embeddings()
    vectors: list[torch.Tensor] = []
    for word, gloss in lexicon().items():
        if word not in vocabulary:
            pieces = tokenizer.encode(gloss, add_special_tokens=False).ids
            vectors.append(old.weight.data[pieces].mean(0))
            vocabulary[word] = len(vocabulary)
    # Some encoders have more rows than words, to round their number up: the new words take those first.
    first = len(vocabulary) - len(vectors)
    rows = max(len(vocabulary), old.num_embeddings)
    new = torch.nn.Embedding(rows, old.embedding_dim, padding_idx=old.padding_idx)
    new.weight.data[: old.num_embeddings] = old.weight.data
    if vectors:
        new.weight.data[first : first + len(vectors)] = torch.stack(vectors)
    encoder.set_input_embeddings(new)
    encoder.config.vocab_size = rows
    tokenizer_file.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    return len(vectors)
