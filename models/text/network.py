"""The network of a text classifier: encoder, mean over tokens, linear head."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from models.text.backbone import load_encoder


class TextClassifier(nn.Module):
    """Encoder with a linear head over the mean of its token vectors.

    Parameters
    ----------
    backbone: id or folder of the encoder.
    n_labels: width of the head.
    dropout: share of the pooled vector dropped in training.
    """

    def __init__(self, backbone: str, n_labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = load_encoder(backbone)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.encoder.config.hidden_size, n_labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, labels) and embeddings (batch, hidden)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        embedding = (hidden * mask).sum(1) / mask.sum(1)
        return self.head(self.dropout(embedding)), embedding

    def save(self, folder: Path) -> None:
        """Write config and float weights of encoder and head."""
        self.encoder.save_pretrained(folder)
        torch.save(self.head.state_dict(), folder / "head.pt")

    @classmethod
    def load(cls, folder: Path) -> TextClassifier:
        """Read what `save` wrote."""
        state = cast(dict[str, Tensor], torch.load(folder / "head.pt", weights_only=True))
        network = cls(str(folder), n_labels=state["weight"].shape[0])
        network.head.load_state_dict(state)
        return network.eval()
