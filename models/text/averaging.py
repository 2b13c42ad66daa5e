"""Several trainings from the same start, their weights averaged.

What each learnt of its own order of the data cancels out, and one network is served as before (model soups: Wortsman
et al., ICML 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from models.text.checkpoint import Checkpoint


def averaged(network: nn.Module, train: Callable[[int], Checkpoint], runs: int) -> Sequence[Checkpoint]:
    """Train a network in place `runs` times, each from where it is now, and leave the mean of the weights in it.

    Interrupted and called again, it goes on where it was: what `train(number)` returns keeps the end of one, too.
    """
    start = {name: weight.clone() for name, weight in network.state_dict().items()}
    total: dict[str, torch.Tensor] = {}
    checkpoints: list[Checkpoint] = []
    for number in range(runs):
        network.load_state_dict(start)
        checkpoints.append(train(number))
        share = {name: weight / runs for name, weight in network.state_dict().items() if weight.is_floating_point()}
        total = {name: total[name] + weight for name, weight in share.items()} if total else share
    network.load_state_dict({**start, **total})
    return checkpoints
