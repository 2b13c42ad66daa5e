"""Out-of-scope examples for users whose data has none.

The corpus' own out-of-scope queries serve as background, but for those that resemble the user's queries: what is
off topic for one application is the topic of another. Outlier exposure: Hendrycks et al., ICLR 2019.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from models.intent.contract import OUT_OF_SCOPE
from models.intent.dataset import Query, load_corpus
from models.text.backbone import load_encoder, save_tokenizer
from models.text.batches import BatchLimits
from models.text.sessions import run_rows
from models.text.tokenizer import TextTokenizer, TokenIds

TOO_SIMILAR = 0.5
"""Cosine of two sentence embeddings of the pretrained backbone above which a background query is left out."""
_SHARE = 0.15
_TOKENS = 48


class _Pretrained:
    """The backbone before fine-tuning, as a session."""

    limits = BatchLimits()

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder.eval()

    def run(self, *inputs: TokenIds) -> list[npt.NDArray[np.float32]]:
        ids, mask = map(torch.from_numpy, inputs)
        with torch.inference_mode():
            hidden = self._encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        return [torch.nn.functional.normalize(mean, dim=1).numpy()]


def background(queries: Sequence[Query], backbone: str) -> list[Query]:
    """Return out-of-scope queries in the languages of `queries`, none like them; some train, some validate."""
    counts = Counter(query.language for query in queries)
    languages = {language for language, count in counts.items() if count > 0.05 * len(queries)}
    pool = [
        query
        for query in load_corpus()
        if query.label == OUT_OF_SCOPE and query.language in languages and query.split != "test"
    ]
    known = [query.text for query in queries if query.split == "train"]
    session = _Pretrained(load_encoder(backbone))
    with tempfile.TemporaryDirectory() as folder:
        save_tokenizer(backbone, Path(folder))
        tokenizer = TextTokenizer(Path(folder) / "tokenizer.json", _TOKENS)
    [theirs] = run_rows(session, tokenizer(known), tokenizer.pad_id)
    [ours] = run_rows(session, tokenizer([query.text for query in pool]), tokenizer.pad_id)
    unlike = [query for query, row in zip(pool, ours, strict=True) if float((theirs @ row).max()) < TOO_SIMILAR]
    train = [query for query in unlike if query.split == "train"][: int(len(known) * _SHARE)]
    checked = sum(query.split == "validation" for query in queries)
    check = [query for query in unlike if query.split == "validation"][: max(4, int(checked * _SHARE))]
    return [replace(query, volume="background") for query in [*train, *check]]
