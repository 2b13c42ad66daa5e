from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from models.text.averaging import averaged
from models.text.checkpoint import Checkpoint


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "ml-services" / "training"


def network() -> nn.Module:
    made = nn.BatchNorm1d(3)  # it has whole numbers beside its weights
    nn.init.constant_(made.weight, 1.0)
    return made


def test_each_training_begins_where_the_first_did_and_the_mean_is_left() -> None:
    shared = network()
    begun: list[float] = []

    def train(number: int) -> Checkpoint:
        begun.append(shared.weight[0].item())
        with torch.no_grad():
            shared.weight += number + 1  # to 2, 3 and 4
            shared.num_batches_tracked += 5
        return Checkpoint([bytes([number])])

    checkpoints = averaged(shared, train, 3)
    assert begun == [1.0, 1.0, 1.0]
    assert torch.allclose(shared.weight, torch.full((3,), 3.0))
    assert int(shared.num_batches_tracked) == 0
    assert len({each.file for each in checkpoints}) == 3


def test_one_training_is_left_as_it_is() -> None:
    shared = network()
    wanted = torch.tensor([0.1, 1 / 3, 1e-7])

    def train(_: int) -> Checkpoint:
        with torch.no_grad():
            shared.weight.copy_(wanted)
        return Checkpoint([b""])

    averaged(shared, train, 1)
    assert torch.equal(shared.weight, wanted)
