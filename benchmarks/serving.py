"""`python -m benchmarks.serving intent|ner`: an endpoint beside other people's servers, in turn, on this machine.

Written after each round: `--go-on` keeps the rounds of a run that was interrupted, or that was to be short.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.contenders import ALL, Contender, contenders
from benchmarks.load import TIMEOUT_S, wrk_missing
from benchmarks.machine import cores, describe_commit, describe_machine
from benchmarks.report import aim_sentence, page, table
from benchmarks.rounds import Plan, one_round
from benchmarks.started import NotServing
from benchmarks.subject import SUBJECTS, Subject
from benchmarks.summary import CALLERS, Aim, Line, Measurement, aims, others_share, summarise
from models import store

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Results:
    """The files that an endpoint's rounds are kept in."""

    folder: Path
    subject: Subject

    @property
    def record(self) -> Path:
        return self.folder / f"serving_{self.subject.name}.json"

    def kept(self, facts: dict[str, Any]) -> list[Measurement]:
        """Return the rounds that were measured of the same commit and model, in the same way, on such a machine."""
        if not self.record.exists():
            return []
        before = json.loads(self.record.read_text(encoding="utf-8"))
        same = ("commit", "model", "machine", "parameters")
        # Read back from JSON, for that makes lists of tuples.
        if any(before[name] != json.loads(json.dumps(facts[name])) for name in same):
            return []
        return [Measurement.read(each) for each in before["measurements"]]

    def write(
        self, facts: dict[str, Any], compared: Sequence[Contender], measurements: Sequence[Measurement]
    ) -> tuple[list[Line], list[Aim]]:
        """Write both files; return what they say."""
        rounds = max(each.round for each in measurements)
        facts = {**facts, "rounds": rounds, "others_share": others_share(measurements, cores())}
        lines = summarise(measurements)
        found = aims(lines)
        record = {
            **facts,
            "contenders": [asdict(contender) for contender in compared],
            "summary": [asdict(line) for line in lines],
            "aims": [asdict(aim) for aim in found],
            "measurements": [measurement.record() for measurement in measurements],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        self.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        self.record.with_suffix(".md").write_text(page(self.subject, lines, found, facts), encoding="utf-8")
        return lines, found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; the exit status says whether that worked, not whether the aims are met."""
    options = _parser().parse_args(arguments)
    if wrk_missing():
        print("wrk is not installed; `apt-get install -y wrk` installs it", file=sys.stderr)
        return 1
    plan = Plan(options.seconds, options.warmup)
    subject = SUBJECTS[options.model]
    compared = contenders(subject, options.only)
    results = Results(options.out, subject)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    for missing in {each.title for each in ALL if not each.installed}:
        console.print(f"{missing} is not installed and left out; `make rivals` installs it")
    try:
        tag = store.load(f"{subject.name}:latest").tag
        # Before anything is started and measured, for both can change while it runs.
        facts: dict[str, Any] = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": describe_commit(),
            "model": tag,
            "machine": describe_machine(),
            "parameters": {**asdict(plan), "timeout": TIMEOUT_S, "callers": CALLERS},
        }
        measurements = results.kept(facts) if options.go_on else []
        done = max((each.round for each in measurements), default=0)
        lines, found = results.write(facts, compared, measurements) if measurements else ([], [])
        for number in range(done + 1, options.rounds + 1):
            console.print(f"round {number} of {options.rounds}")
            measurements += one_round(number, plan, subject, compared, tag, console.print)
            lines, found = results.write(facts, compared, measurements)
    except (store.ModelMissing, store.ModelDamaged, NotServing) as error:
        print(error, file=sys.stderr)
        return 1
    console.print(table(subject, lines))
    for aim in found:
        console.print(aim_sentence(aim), markup=False)
    share = others_share(measurements, cores())
    console.print(f"{share:.0%} of the processor time went to other work on this machine")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("model", choices=SUBJECTS, help="whose endpoint is measured")
    parser.add_argument("--only", nargs="+", default=(), choices=[each.key for each in ALL], help="contenders")
    parser.add_argument(
        "--rounds", type=_at_least_one, default=5, help="how often each service is measured, in all (%(default)s)"
    )
    parser.add_argument("--seconds", type=_at_least_one, default=4, help="length of a measurement (%(default)s)")
    parser.add_argument("--warmup", type=_at_least_one, default=1, help="seconds of load before each (%(default)s)")
    parser.add_argument("--go-on", action="store_true", help="keep the rounds that were measured so far")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results (benchmarks/results)")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
