"""From rounds to figures: medians, spreads, ratios and whether the aims are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.contenders import ALL, CACHED, COMMON, FLOAT, INT8, OURS, RIVALS
from benchmarks.load import Load
from benchmarks.processor_time import Spent

CALLERS = (1, 8, 64)
SPEED = [
    (FLOAT.key, 64, 10.0),
    (COMMON.key, 64, 10.0),
    (INT8.key, 64, 1.0),
    *((each.key, n, 1.0) for each in RIVALS for n in (8, 64)),
]
"""Least ratio of requests a second, ours to another's, by callers."""
CACHED_PER_SECOND = 4000.0


@dataclass(frozen=True)
class Measurement:
    """One contender under one load in one round."""

    round: int
    contender: str
    callers: int
    load: Load
    spent: Spent

    @property
    def per_core_second(self) -> float:
        """Good answers for each second of processor time that the service used."""
        return self.load.per_second * self.load.seconds / max(sum(self.spent.service), 0.01)

    def record(self) -> dict[str, object]:
        """Return what the results file keeps of it."""
        fields = asdict(self)
        fields["processor_seconds"] = fields.pop("spent")
        return {**fields, "requests_per_second": round(self.load.per_second, 1), "errors": self.load.errors}

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Measurement:
        """Return what `record` was made of."""
        spent = Spent(**{**record["processor_seconds"], "service": tuple(record["processor_seconds"]["service"])})
        return cls(record["round"], record["contender"], record["callers"], Load(**record["load"]), spent)


@dataclass(frozen=True)
class Line:
    """One contender under one load: medians over the rounds, the slowest and the fastest round, all errors."""

    contender: str
    callers: int
    per_second: float
    slowest: float
    fastest: float
    per_core_second: float
    p50_ms: float
    p99_ms: float
    errors: int


@dataclass(frozen=True)
class Aim:
    """Something the service should reach, and what it reached."""

    text: str
    reached: float | None
    met: bool


def summarise(measurements: Sequence[Measurement]) -> list[Line]:
    """Return a line for each load and contender."""
    lines: list[Line] = []
    for callers in CALLERS:
        for contender in ALL:
            rounds = [each for each in measurements if (each.contender, each.callers) == (contender.key, callers)]
            if not rounds:
                continue
            loads = [each.load for each in rounds]
            speeds = [load.per_second for load in loads]
            lines.append(
                Line(
                    contender=contender.key,
                    callers=callers,
                    per_second=round(median(speeds), 1),
                    slowest=round(min(speeds), 1),
                    fastest=round(max(speeds), 1),
                    per_core_second=round(median(each.per_core_second for each in rounds), 1),
                    p50_ms=round(median(load.p50_ms for load in loads), 2),
                    p99_ms=round(median(load.p99_ms for load in loads), 2),
                    errors=sum(load.errors for load in loads),
                )
            )
    return lines


def others_share(measurements: Sequence[Measurement], cores: int) -> float:
    """Return the share of all processor time that neither services nor wrk used but somebody else."""
    lasted = sum(each.load.seconds for each in measurements)
    return round(sum(each.spent.others for each in measurements) / (lasted * cores), 3)


def ratio(lines: Sequence[Line], baseline: str, callers: int, of: str = "per_second") -> float | None:
    """Return our median divided by the baseline's, None where one of the two was not measured or answered nothing."""
    figures = {line.contender: float(getattr(line, of)) for line in lines if line.callers == callers}
    ours, theirs = figures.get(OURS.key), figures.get(baseline)
    return round(ours / theirs, 2) if ours is not None and theirs else None


def aims(lines: Sequence[Line]) -> list[Aim]:
    """Return the aims that were measured, and whether they are met."""
    errors = sum(line.errors for line in lines if line.contender in (OURS.key, CACHED.key))
    found = [Aim("no errors of ours", errors, errors == 0)]
    for baseline, callers, least in SPEED:
        reached = ratio(lines, baseline, callers)
        if reached is not None:
            found.append(Aim(f"{least:g} x ({baseline}) or more at {callers} callers", reached, reached >= least))
    for text, of, callers, most in (("p99 at 64 callers", "p99_ms", 64, 1.2), ("p50 of one caller", "p50_ms", 1, 1.25)):
        reached = ratio(lines, INT8.key, callers, of)
        if reached is not None:
            found.append(Aim(f"{text} at most {most:g} x ({INT8.key})", reached, reached <= most))
    for line in lines:
        if (line.contender, line.callers) == (CACHED.key, 64):
            text = f"{CACHED_PER_SECOND:g} kept answers a second or more at 64 callers"
            found.append(Aim(text, line.per_second, line.per_second >= CACHED_PER_SECOND))
    return found
