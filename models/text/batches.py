"""Batches of texts of similar length: padding is work thrown away."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence


def length_batches(lengths: Sequence[int], max_padded: int, max_items: int) -> list[list[int]]:
    """Group the indices of `lengths`, shortest first.

    Each group holds at most `max_items` indices, and at most `max_padded` tokens once padded to its longest.

    >>> length_batches([3, 9, 3, 8], max_padded=18, max_items=8)
    [[0, 2], [3, 1]]
    """
    batches: list[list[int]] = []
    current: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if current and (len(current) >= max_items or (len(current) + 1) * lengths[index] > max_padded):
            batches.append(current)
            current = []
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
