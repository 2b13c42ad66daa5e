"""From rounds to figures: medians, spreads, ratios and whether the aims are met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.contenders import CONTENDERS, FLOAT, INT8, OURS
from benchmarks.load import Load
from benchmarks.processor_time import Spent

CALLERS = (1, 8, 64)
AIMS = {FLOAT.key: 6.0, INT8.key: 0.7}
"""Least ratio of requests a second, ours to a baseline's, at the most callers."""


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
        for contender in CONTENDERS:
            rounds = [each for each in measurements if (each.contender, each.callers) == (contender.key, callers)]
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


def ratio(lines: Sequence[Line], baseline: str, callers: int) -> float | None:
    """Return our median requests a second divided by the baseline's, None if that answered nothing."""
    speed = {(line.contender, line.callers): line.per_second for line in lines}
    below = speed[baseline, callers]
    return round(speed[OURS.key, callers] / below, 2) if below else None


def aims(lines: Sequence[Line]) -> list[Aim]:
    """Return the aims and whether they are met."""
    most = max(CALLERS)
    errors = sum(line.errors for line in lines)
    found = [Aim("no errors anywhere", errors, errors == 0)]
    for baseline, least in AIMS.items():
        reached = ratio(lines, baseline, most)
        found.append(
            Aim(
                f"{least:g} x ({baseline}) or more at {most} callers", reached, reached is not None and reached >= least
            )
        )
    return found
