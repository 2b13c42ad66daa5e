"""Batches of texts of similar length: padding is work thrown away."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BatchLimits:
    """How many items a batch may have, how many tokens once padded, and how many of those may be padding."""

    items: int = 64
    padded: int = 2048
    wasted: int = 2048


def length_batches(lengths: Sequence[int], limits: BatchLimits) -> list[list[int]]:
    """Group the indices of `lengths`, shortest first; one alone may exceed the limits.

    >>> length_batches([3, 9, 3, 8, 40], BatchLimits(padded=50, wasted=8))
    [[0, 2], [3, 1], [4]]
    """
    batches: list[list[int]] = []
    current: list[int] = []
    tokens = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        tokens += lengths[index]
        padded = (len(current) + 1) * lengths[index]
        over = len(current) >= limits.items or padded > limits.padded or padded - tokens > limits.wasted
        if current and over:
            batches.append(current)
            current, tokens = [], lengths[index]
        current.append(index)
    if current:
        batches.append(current)
    return batches


def shuffled_batches(lengths: Sequence[int], size: int, seed: random.Random, pool: int = 32) -> Iterator[list[int]]:
    """Yield training batches of `size` in random order, each drawn from `size * pool` random items of like length."""
    order = list(range(len(lengths)))
    seed.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), size * pool):
        bucket = sorted(order[start : start + size * pool], key=lengths.__getitem__)
        batches.extend(bucket[at : at + size] for at in range(0, len(bucket), size))
    seed.shuffle(batches)
    yield from batches
