"""The figures for people: a table in the terminal and a page in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from benchmarks.contenders import CONTENDERS, FLOAT, INT8, OURS
from benchmarks.summary import CALLERS, Aim, Line, ratio

_TITLES = {contender.key: contender.title for contender in CONTENDERS}
_COLUMNS = ("callers", "service", "req/s", "min-max", "per core-second", "p50 ms", "p99 ms", "errors", "ours is")

_PAGE = """\
# The intent endpoint beside plain FastAPI

Measured {facts[when]} on {machine[processor]}, {machine[cores]} cores, {machine[memory_gib]} GiB,
Python {machine[python]}, {machine[wrk]}.
Commit `{facts[commit]}`, model `{facts[model]}`.
{others:.0%} of the processor time went to other work on the machine; more than a few per cent spoils the figures.
All rounds, versions and processor times: `serving.json`.

{table}

{plan}
*Per core-second*: requests for each second of processor time the service used, which other work on the machine
distorts least. *Ours is*: our requests a second divided by those of the line.

## Aims

{aims}

## What is compared

- **{ours}**: `bentoml serve` as an operator starts it, answer cache off, on the CPU: one gateway and one runner,
  with ids, access log, metrics, deadline and limit on callers.
- **{float}**: `benchmarks/plain_float.py`, the same network in torch float32, two uvicorn workers. Tokenizer,
  n-gram model, blend and decision are the very same code. The model is loaded once a worker; the endpoint is a plain
  function in FastAPI's thread pool; torch has one thread a call, for two workers fill two cores, and runs at most two
  calls of a worker at once, which is faster here than the pool's forty.
- **{int8}**: `benchmarks/plain_int8.py`, the model object of our runner, two uvicorn workers, FastAPI's pool as it is.

All have two processes that work, uvloop and httptools, the same request and answer types, and the same model version.
The baselines write no access log and keep no metrics.

## How

`wrk` with one thread posts 200 different queries (`benchmarks/queries.txt`, half English, half French, 7 words in the
median) in turn, each caller its next one when the last is answered. In each round every service is started, checked,
measured at {callers} callers and stopped before the next one starts, so that none idles on another's processors;
who is first moves on by one from round to round. After warming up, what its callers left
behind is worked off first. Answers after {timeout} s and of status 400 and above are errors.
wrk runs on the same machine and takes its share of it: `processor_seconds` in `serving.json` has what each process of
the service, wrk and all others used.

## Again

    apt-get install -y wrk
    make bench
"""


def table(lines: Sequence[Line]) -> Table:
    """Return the figures as a table for the terminal."""
    made = Table(title="POST /v1/predict/intent")
    for column in _COLUMNS:
        made.add_column(
            column, justify="left" if column == "service" else "right", no_wrap=column in ("service", "min-max")
        )
    for index, line in enumerate(lines):
        made.add_row(*_cells(lines, line), end_section=(index + 1) % len(CONTENDERS) == 0)
    return made


def page(lines: Sequence[Line], found: Sequence[Aim], facts: Mapping[str, Any]) -> str:
    """Return the figures as a page; `facts` are those of the results file."""
    rows = [_COLUMNS, ["--:" if column != "service" else ":--" for column in _COLUMNS]]
    rows.extend(_cells(lines, line) for line in lines)
    return _PAGE.format(
        table="\n".join(f"| {' | '.join(row)} |" for row in rows),
        aims="\n".join(f"- {aim_sentence(each)}" for each in found),
        ours=OURS.title,
        float=FLOAT.title,
        int8=INT8.title,
        callers=", ".join(map(str, CALLERS)),
        plan=_plan(facts["parameters"]),
        timeout=facts["parameters"]["timeout"],
        others=facts["others_share"],
        machine=facts["machine"],
        facts=facts,
    )


def aim_sentence(aim: Aim) -> str:
    """Return an aim and what was reached."""
    reached = "no comparison" if aim.reached is None else f"{aim.reached:g}"
    return f"{aim.text}: {reached}, {'met' if aim.met else '**missed**'}"


def _plan(parameters: Mapping[str, Any]) -> str:
    rounds, seconds, warmup = (parameters[name] for name in ("rounds", "seconds", "warmup"))
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
