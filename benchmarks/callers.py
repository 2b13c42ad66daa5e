"""Callers that note each answer's endpoint, status and time: slower than wrk, and told more."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np


@dataclass(frozen=True)
class Call:
    """One kind of request and the share of all that it has; `bodies` are sent in turn."""

    name: str
    path: str
    bodies: Sequence[dict[str, Any]]
    share: float = 1.0


@dataclass(frozen=True)
class Answered:
    """What came of one request; status 0 is a connection that broke."""

    name: str
    status: int
    seconds: float
    retry_after: str | None


async def call_for(
    url: str, calls: Sequence[Call], callers: int, seconds: float, seed: int = 0, ramp_s: float = 0.0
) -> list[Answered]:
    """Return what `callers` at once were answered for `seconds`, each asking anew when it is answered.

    One who is told when to try again does so then. They connect, and begin, one after the other in the course of
    `ramp_s`.
    """
    chance = random.Random(seed)
    bodies = {each.name: itertools.cycle(each.bodies) for each in calls}
    shares = [each.share for each in calls]
    until = time.monotonic() + seconds
    answered: list[Answered] = []
    connector = aiohttp.TCPConnector(limit=0)

    async with aiohttp.ClientSession(url, connector=connector, timeout=aiohttp.ClientTimeout(30)) as session:

        async def caller(number: int) -> None:
            await asyncio.sleep(ramp_s * number / callers)
            while time.monotonic() < until:
                (call,) = chance.choices(calls, shares)
                started = time.perf_counter()
                try:
                    async with session.post(call.path, json=next(bodies[call.name])) as response:
                        await response.read()
                        status, retry = response.status, response.headers.get("retry-after")
                except (aiohttp.ClientError, OSError, TimeoutError):
                    status, retry = 0, None
                answered.append(Answered(call.name, status, time.perf_counter() - started, retry))
                if retry is not None:
                    await asyncio.sleep(float(retry))

        await asyncio.gather(*(caller(number) for number in range(callers)))
    return answered


def milliseconds(answered: Sequence[Answered], percentile: float) -> float:
    """Return a percentile of the times."""
    return round(float(np.percentile([each.seconds for each in answered], percentile)) * 1000, 2) if answered else 0.0
