"""From text to token ids, without transformers: the tokenizer file is all that serving needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

TokenIds = npt.NDArray[np.int64]


class TextTokenizer:
    """Turns texts into arrays of token ids of at most `max_length`."""

    def __init__(self, file: Path, max_length: int) -> None:
        self.max_length = max_length
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.enable_truncation(max_length=max_length)
        self._tokenizer.no_padding()
        self.pad_id = self._first_of("[PAD]", "<pad>")
        self.unknown_id = self._first_of("[UNK]", "<unk>")

    def __call__(self, texts: Sequence[str]) -> list[TokenIds]:
        """Return one array of ids for each text."""
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        return [np.asarray(encoding.ids, dtype=np.int64) for encoding in encodings]

    def _first_of(self, *names: str) -> int:
        """Return the id of the first of these tokens that there is, else 0."""
        found = (self._tokenizer.token_to_id(name) for name in names)
        return next((number for number in found if number is not None), 0)


def pad(rows: Sequence[TokenIds], pad_id: int) -> tuple[TokenIds, ...]:
    """Return `(input_ids, attention_mask)`, both of shape (rows, longest row).

    Rows of shape (1 + k, tokens) hold k more numbers for each token below its id; those follow as k more arrays,
    padded with 0.
    """
    longest = max(row.shape[-1] for row in rows)
    more = rows[0].shape[0] - 1 if rows[0].ndim == 2 else 0
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    mask, *others = np.zeros((1 + more, len(rows), longest), dtype=np.int64)
    for index, row in enumerate(rows):
        width = row.shape[-1]
        ids[index, :width] = row[0] if more else row
        mask[index, :width] = 1
        for number, other in enumerate(others, start=1):
            other[index, :width] = row[number]
    return ids, mask, *others
