"""Training that is interrupted goes on as if it had not been."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.text import checkpoint as module
from models.text.checkpoint import Checkpoint
from models.text.finetune import FineTuning, finetune
from models.text.tokenizer import TokenIds

OPTIONS = FineTuning(epochs=3, batch_size=4, dropout=0.2)
STEPS = 18


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)  # a card's sums differ from run to run
    return tmp_path / "ml-services" / "training"


class Network(nn.Module):
    """Word embeddings, dropout and a head: what the optimisers treat apart."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = nn.ModuleDict({"words": nn.Embedding(50, 8), "layer": nn.Linear(8, 8)})
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(8, 3)

    def forward(self, ids: Tensor, mask: Tensor, *_: Tensor) -> tuple[Tensor]:
        words = self.encoder["words"](ids) * mask[..., None]
        return (self.head(self.dropout(torch.relu(self.encoder["layer"](words.mean(1))))),)


def rows(seed: int = 1) -> list[TokenIds]:
    drawn = random.Random(seed)
    lengths = [drawn.randint(2, 9) for _ in range(24)]
    return [np.array([[drawn.randrange(50) for _ in range(size)], [1] * size], dtype=np.int64) for size in lengths]


def trained(stop_at: int | None = None, network: Network | None = None, **changed: object) -> tuple[Network, int]:
    """Train; `stop_at` presses Ctrl-C in that step. Returns the network and how many steps were made."""
    network = network or Network()
    data = changed.get("rows", rows())
    assert isinstance(data, list)
    targets = torch.arange(len(data)) % 3
    steps = 0

    def loss(outputs: tuple[Tensor, ...], batch: list[int]) -> Tensor:
        nonlocal steps
        if steps == stop_at:
            raise KeyboardInterrupt
        steps += 1
        return nn.functional.cross_entropy(outputs[0], targets[batch])

    words = network.encoder["words"]
    assert isinstance(words, nn.Embedding)
    options = changed.get("options", OPTIONS)
    assert isinstance(options, FineTuning)
    unknown_id = changed.get("unknown_id", 0)
    assert isinstance(unknown_id, int)
    finetune(network, data, 0, loss, options, targets.numpy().tobytes(), words, unknown_id)
    return network, steps


def weights(network: Network) -> list[Tensor]:
    return list(network.state_dict().values())


def same(one: Network, other: Network) -> bool:
    return all(torch.equal(left, right) for left, right in zip(weights(one), weights(other), strict=True))


@pytest.fixture
def uninterrupted(cache: Path) -> Network:
    network, steps = trained()
    assert steps == STEPS
    for file in cache.iterdir():
        file.unlink()
    return network


@pytest.mark.parametrize("every_step", [False, True], ids=["kept each epoch", "kept each step"])
@pytest.mark.parametrize("stop_at", [1, 6, 9, 17])
def test_interrupted_and_begun_again_it_ends_with_the_same_weights(
    uninterrupted: Network, stop_at: int, every_step: bool, monkeypatch: pytest.MonkeyPatch
):
    if every_step:
        monkeypatch.setattr(module, "_EVERY_S", 0.0)
    with pytest.raises(KeyboardInterrupt):
        trained(stop_at)
    network, steps = trained()
    assert steps == STEPS - (stop_at if every_step else stop_at // 6 * 6)
    assert same(network, uninterrupted)


def test_interrupted_after_training_nothing_is_trained_again(uninterrupted: Network):
    first, _ = trained()
    again, steps = trained()
    assert steps == 0
    assert same(first, uninterrupted)
    assert same(again, uninterrupted)


@pytest.mark.parametrize(
    "changed",
    [{"rows": rows(seed=2)}, {"options": FineTuning(epochs=3, batch_size=4, dropout=0.1)}, {"network": Network(1)}],
    ids=["data", "settings", "first weights"],
)
def test_another_training_begins_at_its_beginning(changed: dict[str, object]):
    with pytest.raises(KeyboardInterrupt):
        trained(stop_at=7)
    assert trained(**changed)[1] == STEPS  # type: ignore[arg-type]


def test_damaged_state_is_a_beginning_too(cache: Path):
    with pytest.raises(KeyboardInterrupt):
        trained(stop_at=7)
    [file] = cache.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert trained()[1] == STEPS


class Seeing(Network):
    """Notes what ids it is shown in training."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[Tensor, Tensor]] = []

    def forward(self, ids: Tensor, mask: Tensor, *others: Tensor) -> tuple[Tensor]:
        self.seen.append((ids.clone(), mask.clone()))
        return super().forward(ids, mask, *others)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_share_of_the_pieces_is_hidden_but_for_the_first_and_what_is_none(share: float):
    network = Seeing()
    shown = [np.stack([np.full(12, 7), np.ones(12, dtype=np.int64)]) for _ in range(64)]
    shown += [each[:, :6] for each in shown]
    trained(network=network, rows=shown, options=FineTuning(epochs=4, batch_size=16, unread=share), unknown_id=3)
    inner = torch.cat([ids[:, 1:][mask[:, 1:] > 0] for ids, mask in network.seen])
    assert {int(each) for each in inner.unique()} == ({3, 7} if share else {7})
    assert abs(float((inner == 3).float().mean()) - share) < 0.05
    assert all((ids[:, 0] == 7).all() and (ids[mask == 0] == 0).all() for ids, mask in network.seen)


def test_what_is_hidden_is_the_same_after_an_interruption(cache: Path):
    hiding = FineTuning(epochs=3, batch_size=4, dropout=0.2, unread=0.3)
    whole, _ = trained(options=hiding, unknown_id=3)
    for file in cache.iterdir():
        file.unlink()
    with pytest.raises(KeyboardInterrupt):
        trained(9, options=hiding, unknown_id=3)
    resumed, steps = trained(options=hiding, unknown_id=3)
    assert steps == STEPS - 6
    assert same(whole, resumed)
    assert not same(whole, trained(options=FineTuning(epochs=3, batch_size=4, dropout=0.2))[0])


def test_removed_state_is_gone_and_leaves_nothing(cache: Path):
    checkpoint = Checkpoint([b"data"])
    checkpoint.save({"done": 1})
    assert checkpoint.load() == {"done": 1}
    checkpoint.remove()
    assert checkpoint.load() is None
    assert list(cache.iterdir()) == []


def test_state_that_nobody_came_back_to_is_forgotten(cache: Path, monkeypatch: pytest.MonkeyPatch):
    Checkpoint([b"old"]).save({"done": 1})
    monkeypatch.setattr(module, "_FORGOTTEN_AFTER_S", -1.0)
    Checkpoint([b"new"]).save({"done": 1})
    assert [file.name for file in cache.iterdir()] == [Checkpoint([b"new"]).file.name]


def test_cache_that_cannot_be_written_fails_no_training(cache: Path, capsys: pytest.CaptureFixture[str]):
    cache.parent.write_text("no folder")
    assert trained()[1] == STEPS
    assert "an interruption would lose this training" in capsys.readouterr().err
