"""The figures for people: a table in the terminal and a page in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from benchmarks.contenders import ALL, APART, CACHED, COMMON, FLOAT, INT8, OURS
from benchmarks.subject import Subject
from benchmarks.summary import CALLERS, Aim, Line, ratio

_TITLES = {contender.key: contender.title for contender in ALL}
_COLUMNS = ("callers", "service", "req/s", "min-max", "per core-second", "p50 ms", "p99 ms", "errors", "ours is")

_PAGE = """\
# The {subject} endpoint beside other people's servers

Measured {facts[when]} on {machine[processor]}, {machine[cores]} cores, {machine[memory_gib]} GiB,
Python {machine[python]}, {machine[wrk]}.
Commit `{facts[commit]}`, model `{facts[model]}`.
{others:.0%} of the processor time went to other work on the machine; more than a few per cent spoils the figures.
All rounds, versions and processor times: `serving_{subject}.json`.

{table}

{plan}
*Per core-second*: requests for each second of processor time the service used, which other work on the machine
distorts least. *Ours is*: our requests a second divided by those of the line.

## Aims

{aims}

## What is compared

- **{ours}**: `bentoml serve` as an operator starts it, answer cache off, on the CPU: one gateway for each core with the
  model in it, with ids, access log, metrics, deadline and limit on callers, and all the other models beside it.
- **{apart}**: the same with the runner in a process of its own. **{cached}**: with the cache; every query is in it.
- **{float}**: `benchmarks/plain_float.py`, the same network in torch float32, a uvicorn worker for each core.
  Tokenizer, n-gram model, blend and decision are the very same code. The model is loaded once a worker; the endpoint is
  a plain function in FastAPI's thread pool; torch has one thread a call, for the workers fill the cores, and runs at
  most two calls of a worker at once, which is faster here than the pool's forty.
- **{common}**: the same with one worker, torch's threads and FastAPI's pool as they come: what most teams ship.
- **{int8}**: `benchmarks/plain_int8.py`, the model object of our runner, a uvicorn worker for each core,
  FastAPI's pool as it is.
- **LitServe, Ray Serve, MLServer**: `benchmarks/rivals/`, the same model object, a worker or replica for each core,
  batches of at most 16, as ours, that wait 1 ms.

All have as many processes that predict as there are cores, the same request and answer types, and the same model
version. The others write no access log and keep no metrics, and serve this one model alone.

## How

`wrk` with one thread posts 200 different queries (`benchmarks/queries.txt`, half English, half French, 7 words in the
median) in turn, each caller its next one when the last is answered. In each round every service is started, checked,
measured at {callers} callers and stopped before the next one starts, so that none idles on another's processors;
who is first moves on by one from round to round. After warming up, what its callers left
behind is worked off first. Answers after {timeout} s and of status 400 and above are errors.
wrk runs on the same machine and takes its share of it: `processor_seconds` in `serving_{subject}.json` has what each
process of the service, wrk and all others used.

## Again

    apt-get install -y wrk
    make bench
"""


def table(subject: Subject, lines: Sequence[Line]) -> Table:
    """Return the figures as a table for the terminal."""
    made = Table(title=f"POST {subject.route}")
    for column in _COLUMNS:
        made.add_column(
            column, justify="left" if column == "service" else "right", no_wrap=column in ("service", "min-max")
        )
    for index, line in enumerate(lines):
        last = index + 1 == len(lines) or lines[index + 1].callers != line.callers
        made.add_row(*_cells(lines, line), end_section=last)
    return made


def page(subject: Subject, lines: Sequence[Line], found: Sequence[Aim], facts: Mapping[str, Any]) -> str:
    """Return the figures as a page; `facts` are those of the results file."""
    rows = [_COLUMNS, ["--:" if column != "service" else ":--" for column in _COLUMNS]]
    rows.extend(_cells(lines, line) for line in lines)
    return _PAGE.format(
        table="\n".join(f"| {' | '.join(row)} |" for row in rows),
        aims="\n".join(f"- {aim_sentence(each)}" for each in found),
        subject=subject.name,
        ours=OURS.title,
        apart=APART.title,
        cached=CACHED.title,
        float=FLOAT.title,
        common=COMMON.title,
        int8=INT8.title,
        callers=", ".join(map(str, CALLERS)),
        plan=_plan(facts["rounds"], facts["parameters"]),
        timeout=facts["parameters"]["timeout"],
        others=facts["others_share"],
        machine=facts["machine"],
        facts=facts,
    )


def aim_sentence(aim: Aim) -> str:
    """Return an aim and what was reached."""
    reached = "no comparison" if aim.reached is None else f"{aim.reached:g}"
    return f"{aim.text}: {reached}, {'met' if aim.met else '**missed**'}"


def _plan(rounds: int, parameters: Mapping[str, Any]) -> str:
    seconds, warmup = parameters["seconds"], parameters["warmup"]
    return f"Medians over rounds ({rounds}), each of {seconds} s after {warmup} s of warming up at the same load."


def _cells(lines: Sequence[Line], line: Line) -> tuple[str, ...]:
    times = None if line.contender == OURS.key else ratio(lines, line.contender, line.callers)
    return (
        str(line.callers),
        _TITLES[line.contender],
        f"{line.per_second:.0f}",
        f"{line.slowest:.0f}-{line.fastest:.0f}",
        f"{line.per_core_second:.0f}",
        f"{line.p50_ms:.1f}",
        f"{line.p99_ms:.1f}",
        str(line.errors),
        "" if times is None else f"{times:.2f} x",
    )
