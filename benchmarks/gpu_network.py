"""A text model on a CUDA device by batch size: as it is called, and its network alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks.subject import Subject
from models.intent.model import IntentModel
from models.ner.model import NerModel
from models.store import StoredModel
from models.text.network import TextClassifier, TextNetwork, TokenClassifier
from models.text.normalise import normalise
from models.text.tokenizer import TokenIds, pad

BATCHES = (1, 8, 64, 256)
_WARM_UP = 5


@dataclass(frozen=True)
class Measured:
    """What batches of one size took.

    Attributes
    ----------
    items_per_second, p50_ms, p99_ms: of whole predictions, from texts to answers.
    network_ms: median of the network alone, its inputs on the device.
    graph_ms: the same replayed as a CUDA graph, which is what the card itself needs; None where it cannot be recorded.
    """

    batch: int
    calls: int
    items_per_second: float
    p50_ms: float
    p99_ms: float
    network_ms: float
    graph_ms: float | None

    @property
    def share_of_floor(self) -> float:
        """The card's own time in the time of the whole prediction."""
        return (self.graph_ms or self.network_ms) / self.p50_ms


def measure(subject: Subject, stored: StoredModel, texts: Sequence[str], seconds: float) -> Iterator[Measured]:
    """Yield the figures of each batch size, each measured for `seconds` and once more for the network."""
    model = opened(subject, stored, "cuda")
    network = network_of(subject).load(stored.path).to("cuda", dtype=torch.bfloat16)
    for batch in BATCHES:
        # Texts of all lengths in each batch, other ones each time: a model may not live on what it has just seen.
        order = [
            np.random.default_rng(seed).choice(len(texts), batch, replace=batch > len(texts)) for seed in range(16)
        ]
        asked = [[subject.request(**{subject.field: texts[index]}) for index in each] for each in order]
        inputs = [_inputs(subject, model, [texts[index] for index in each]) for each in order]
        times = _times(lambda turn: model.predict(asked[turn % 16]), seconds)  # noqa: B023 - called at once
        yield Measured(
            batch=batch,
            calls=len(times),
            items_per_second=round(batch * len(times) / sum(times), 1),
            p50_ms=round(1000 * statistics.median(times), 3),
            p99_ms=round(1000 * float(np.percentile(times, 99)), 3),
            network_ms=round(_alone(network, inputs), 3),
            graph_ms=_replayed(network, inputs[0]),
        )


def opened(subject: Subject, stored: StoredModel, device: Any) -> Any:
    """Return the model as its runner opens it."""
    kind: Any = IntentModel if subject.name == "intent" else NerModel
    return kind.load(stored, device=device)


def network_of(subject: Subject) -> type[TextNetwork]:
    return TextClassifier if subject.name == "intent" else TokenClassifier


def rows(subject: Subject, model: Any, texts: Sequence[str]) -> tuple[list[TokenIds], int]:
    """Return what the network of `model` reads of `texts`, and the id it is padded with."""
    if subject.name == "intent":
        tokenizer = model.reader._tokenizer
        return tokenizer([normalise(text) for text in texts]), tokenizer.pad_id
    reader = model.tagger._reader
    return [row for text in texts for row in reader(text).rows], reader.pad_id


def _inputs(subject: Subject, model: Any, texts: Sequence[str]) -> list[torch.Tensor]:
    return [torch.from_numpy(part).to("cuda") for part in pad(*rows(subject, model, texts))]


def _times(call: Callable[[int], object], seconds: float) -> list[float]:
    for turn in range(_WARM_UP):
        call(turn)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 20:
        started = time.perf_counter()
        call(len(times))
        times.append(time.perf_counter() - started)
    return times


@torch.inference_mode()
def _alone(network: TextNetwork, inputs: Sequence[Sequence[torch.Tensor]]) -> float:
    """Return the median milliseconds of the network, launched kernel by kernel as the service does."""
    return _median_ms(lambda turn: network(*inputs[turn % len(inputs)]))


@torch.inference_mode()
def _replayed(network: TextNetwork, inputs: Sequence[torch.Tensor]) -> float | None:
    """Return the median milliseconds of one batch as a recorded graph, or None."""
    try:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                network(*inputs)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            network(*inputs)
        return round(_median_ms(lambda _: graph.replay()), 3)
    except RuntimeError:
        torch.cuda.synchronize()
        return None


def _median_ms(call: Callable[[int], object], calls: int = 60) -> float:
    times = []
    for turn in range(calls + _WARM_UP):
        before, after = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        before.record()
        call(turn)
        after.record()
        after.synchronize()
        times.append(before.elapsed_time(after))
    return statistics.median(times[_WARM_UP:])
