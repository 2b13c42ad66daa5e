"""Run a saved text network: int8 on the CPU with ONNX Runtime, bf16 on a GPU with torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from models.device import Device, DeviceUnavailable
from models.text.batches import BatchLimits, length_batches
from models.text.tokenizer import TokenIds, pad

Floats = npt.NDArray[np.float32]
NetworkKind = Literal["TextClassifier", "TokenClassifier"]


class Session(Protocol):
    """Runs one padded batch: arrays (batch, tokens) in as `pad` returns them, one array (batch, ...) an output.

    `limits` says what batches it likes.
    """

    limits: BatchLimits

    def run(self, *inputs: TokenIds) -> list[Floats]: ...


class OnnxSession:
    """An ONNX graph on the CPU; `threads` = 0 lets ONNX Runtime take every core.

    A run costs what eight tokens cost, for the weights come through the caches once: short rows gain by company,
    and more than a few rows gain nothing further and keep the first waiting for the last.
    """

    limits = BatchLimits(items=8, padded=2048, wasted=6)

    def __init__(self, file: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads look fast alone and starve the event loop that shares their core.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The fused node adds and normalises one number at a time: a tenth of the whole graph's time.
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
        )
        self._names = [each.name for each in self._session.get_inputs()]

    def run(self, *inputs: TokenIds) -> list[Floats]:
        outputs: list[Floats] = self._session.run(None, dict(zip(self._names, inputs, strict=True)))
        return outputs


class TorchSession:
    """The float weights in bf16 in torch: for a CUDA device, which wants batches far larger than a core does."""

    limits = BatchLimits(items=256, padded=65_536, wasted=65_536)

    def __init__(self, folder: Path, network: NetworkKind, device: Device) -> None:
        import torch

        from models.text import network as networks

        if device == "cuda" and not torch.cuda.is_available():
            raise DeviceUnavailable("no CUDA device is visible to this process")
        self._torch = torch
        self._device = device
        kind: type[networks.TextNetwork] = getattr(networks, network)
        self._network = kind.load(folder).to(device, dtype=torch.bfloat16)

    def run(self, *inputs: TokenIds) -> list[Floats]:
        torch = self._torch
        with torch.inference_mode():
            outputs = self._network(*(torch.from_numpy(each).to(self._device, non_blocking=True) for each in inputs))
        return [output.float().cpu().numpy() for output in outputs]


def open_session(folder: Path, device: Device, threads: int = 1, network: NetworkKind = "TextClassifier") -> Session:
    """Return the session for a model folder that holds `model.int8.onnx` and the float weights of a `network`."""
    if device == "cuda":
        return TorchSession(folder, network, device)
    return OnnxSession(folder / "model.int8.onnx", threads)


def run_rows(session: Session, rows: Sequence[TokenIds], pad_id: int) -> list[Floats]:
    """Run rows of any lengths in batches of like length; outputs are in the order of `rows`."""
    batches = _batches(session, rows)
    results = [session.run(*pad([rows[index] for index in batch], pad_id)) for batch in batches]
    order = np.argsort(np.concatenate([np.asarray(batch) for batch in batches]), kind="stable")
    return [np.concatenate(output)[order] for output in zip(*results, strict=True)]


def run_tokens(session: Session, rows: Sequence[TokenIds], pad_id: int) -> list[Floats]:
    """Run rows of any lengths through a network with one output a token; return (tokens, ...) for each row."""
    results: dict[int, Floats] = {}
    for batch in _batches(session, rows):
        [output] = session.run(*pad([rows[index] for index in batch], pad_id))
        results |= {index: output[at, : rows[index].shape[-1]] for at, index in enumerate(batch)}
    return [results[index] for index in range(len(rows))]


def _batches(session: Session, rows: Sequence[TokenIds]) -> list[list[int]]:
    """Return batches of a size that suits the session."""
    return length_batches([row.shape[-1] for row in rows], session.limits)
