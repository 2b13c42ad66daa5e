"""`python -m benchmarks.serving intent|ner`: an endpoint beside other people's servers, in turn, on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.contenders import ALL, contenders
from benchmarks.load import TIMEOUT_S, wrk_missing
from benchmarks.machine import cores, describe_commit, describe_machine
from benchmarks.report import aim_sentence, page, table
from benchmarks.rounds import Plan, measure
from benchmarks.started import NotServing
from benchmarks.subject import SUBJECTS
from benchmarks.summary import CALLERS, aims, others_share, summarise
from models import store

RESULTS = Path(__file__).with_name("results")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; the exit status says whether that worked, not whether the aims are met."""
    options = _parser().parse_args(arguments)
    if wrk_missing():
        print("wrk is not installed; `apt-get install -y wrk` installs it", file=sys.stderr)
        return 1
    plan = Plan(options.rounds, options.seconds, options.warmup)
    subject = SUBJECTS[options.model]
    compared = contenders(subject, options.only)
    console = Console(highlight=False)
    for missing in {each.title for each in ALL if not each.installed}:
        console.print(f"{missing} is not installed and left out; `make rivals` installs it")
    try:
        tag = store.load(f"{subject.name}:latest").tag
        # Before anything is started and measured, for both can change while it runs.
        facts: dict[str, object] = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": describe_commit(),
            "model": tag,
            "machine": describe_machine(),
            "parameters": {**asdict(plan), "timeout": TIMEOUT_S, "callers": CALLERS},
        }
        measurements = list(measure(plan, subject, compared, tag, console.print))
    except (store.ModelMissing, store.ModelDamaged, NotServing) as error:
        print(error, file=sys.stderr)
        return 1
    facts["others_share"] = others_share(measurements, cores())
    lines = summarise(measurements)
    found = aims(lines)
    console.print(table(subject, lines))
    for aim in found:
        console.print(aim_sentence(aim), markup=False)
    console.print(f"{facts['others_share']:.0%} of the processor time went to other work on this machine")
    record = {
        **facts,
        "contenders": [asdict(contender) for contender in compared],
        "summary": [asdict(line) for line in lines],
        "aims": [asdict(aim) for aim in found],
        "measurements": [measurement.record() for measurement in measurements],
    }
    options.out.mkdir(parents=True, exist_ok=True)
    name = f"serving_{subject.name}"
    (options.out / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (options.out / f"{name}.md").write_text(page(subject, lines, found, facts), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("model", choices=SUBJECTS, help="whose endpoint is measured")
    parser.add_argument("--only", nargs="+", default=(), choices=[each.key for each in ALL], help="contenders")
    parser.add_argument(
        "--rounds", type=_at_least_one, default=5, help="how often each service is measured (%(default)s)"
    )
    parser.add_argument("--seconds", type=_at_least_one, default=8, help="length of a measurement (%(default)s)")
    parser.add_argument("--warmup", type=_at_least_one, default=2, help="seconds of load before each (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results (benchmarks/results)")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
