"""Baselines (a) and (a1): the same network in torch float32 behind plain FastAPI."""

from __future__ import annotations

import os
import threading
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from fastapi import FastAPI

from benchmarks.plain_api import plain_api
from models import store
from models.intent.contract import NAME
from models.intent.model import Decision, IntentModel, Reader
from models.intent.out_of_scope import OutOfScope
from models.text.batches import BatchLimits
from models.text.network import TextClassifier
from models.text.ngrams import NgramModel
from models.text.tokenizer import TextTokenizer, TokenIds
from runners.settings import runner_settings

AS_IT_COMES = "BENCHMARK_AS_IT_COMES"
"""The variable that leaves torch and FastAPI's pool as they are."""


class FloatSession:
    """The float32 weights on the CPU, as training left them.

    Two threads at a time: with the forty of FastAPI's pool on one core torch was slower, and all finish at once.
    Two keep the core busy while one waits for Python's lock. For int8 the same limit gained nothing measurable.
    """

    limits = BatchLimits()

    def __init__(self, folder: Path) -> None:
        self._network = TextClassifier.load(folder)
        self._free = nullcontext() if AS_IT_COMES in os.environ else threading.BoundedSemaphore(2)

    def run(self, input_ids: TokenIds, attention_mask: TokenIds) -> list[npt.NDArray[np.float32]]:
        with self._free, torch.inference_mode():
            outputs = self._network(torch.from_numpy(input_ids), torch.from_numpy(attention_mask))
        return [output.numpy() for output in outputs]


def application() -> FastAPI:
    """Return the application; uvicorn calls this once in each worker."""
    config = runner_settings()
    if AS_IT_COMES not in os.environ:
        torch.set_num_threads(config.threads)
    stored = store.load(config.tag(NAME))
    decision = Decision.load(stored.path / "decision.json")
    reader = Reader(
        FloatSession(stored.path),
        TextTokenizer(stored.path / "tokenizer.json", decision.max_length),
        NgramModel.load(stored.path),
    )
    detector = OutOfScope.load(stored.path / "out_of_scope.npz")
    return plain_api(IntentModel(reader, decision, detector, stored.version, "cpu").predict)
