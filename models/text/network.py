"""Networks that read text: an encoder with a linear head, over the whole text or over each token."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self, cast

import torch
from torch import Tensor, nn

from models.text.backbone import load_encoder


class TextNetwork(nn.Module):
    """An encoder, dropout and a linear head.

    Parameters
    ----------
    backbone: id or folder of the encoder.
    n_labels: width of the head.
    dropout: share of what the head reads that is dropped in training.

    Attributes
    ----------
    inputs: names of the arrays (batch, tokens) that `forward` takes, as the ONNX graph has them.
    outputs: names of what it returns, with the axes that are free.
    """

    inputs: ClassVar[tuple[str, ...]]
    outputs: ClassVar[dict[str, dict[int, str]]]

    def __init__(self, backbone: str, n_labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = load_encoder(backbone)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.encoder.config.hidden_size, n_labels)

    def save(self, folder: Path) -> None:
        """Write config and float weights of the encoder and of what is on top of it."""
        self.encoder.save_pretrained(folder)
        own = {name: weight for name, weight in self.state_dict().items() if not name.startswith("encoder.")}
        torch.save(own, folder / "head.pt")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        state = cast(dict[str, Tensor], torch.load(folder / "head.pt", weights_only=True))
        network = cls(str(folder), n_labels=state["head.weight"].shape[0])
        network.load_state_dict(state, strict=False)
        return network.eval()


class TextClassifier(TextNetwork):
    """Reads off the mean of the token vectors."""

    inputs = ("input_ids", "attention_mask")
    outputs: ClassVar = {"logits": {0: "batch"}, "embedding": {0: "batch"}}

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, labels) and embeddings (batch, hidden)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        embedding = (hidden * mask).sum(1) / mask.sum(1)
        return self.head(self.dropout(embedding)), embedding


class TokenClassifier(TextNetwork):
    """Reads off each token's vector.

    Two hints are added to what the encoder reads: `shapes`, how a token was written, which an uncased encoder cannot
    see; and `lists`, which lists of names it is on.
    """

    inputs = ("input_ids", "attention_mask", "shapes", "lists")
    outputs: ClassVar = {"logits": {0: "batch", 1: "tokens"}}
    N_SHAPES = 16
    N_LISTS = 16

    def __init__(self, backbone: str, n_labels: int, dropout: float = 0.1) -> None:
        super().__init__(backbone, n_labels, dropout)
        self.shape_vectors = nn.Embedding(self.N_SHAPES, self.encoder.config.hidden_size)
        self.list_vectors = nn.Embedding(self.N_LISTS, self.encoder.config.hidden_size)
        for hint in (self.shape_vectors, self.list_vectors):
            nn.init.zeros_(hint.weight)  # at first the encoder reads what it was pretrained on

    def forward(self, input_ids: Tensor, attention_mask: Tensor, shapes: Tensor, lists: Tensor) -> tuple[Tensor]:
        """Return logits (batch, tokens, labels)."""
        vectors = self.encoder.get_input_embeddings()(input_ids)
        vectors = vectors + self.shape_vectors(shapes) + self.list_vectors(lists)
        hidden = self.encoder(inputs_embeds=vectors, attention_mask=attention_mask).last_hidden_state
        return (self.head(self.dropout(hidden)),)
