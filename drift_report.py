"""The command `drift-report`: what live traffic looks like beside each model's reference profile, as one HTML page."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from models.drift.plots import Compared, drift_plot
from models.drift.sketch import FEWEST
from models.drift.stability import stability_index
from serving.drift import EXPECTED, OBSERVED, counts

_NOTABLE, _GREAT = 0.1, 0.25
_STYLE = """body { font: 15px/1.5 sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse } td, th { padding: .2em 1em; text-align: left; border-bottom: 1px solid #ddd }
.great { color: #b00; font-weight: bold } .notable { color: #a60 } img { max-width: 100% }"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="drift-report", description="Compare live traffic with what models know.")
    parser.add_argument(
        "--metrics",
        default="http://localhost:8000/metrics",
        help="address of the service's metrics, or a file with its text (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=Path("reports/drift.html"), help="default: %(default)s")
    asked = parser.parse_args(arguments)
    try:
        text = _read(asked.metrics)
        page = report(text)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(page, encoding="utf-8")
    except (OSError, URLError, ValueError) as error:
        print(f"{asked.metrics}: {getattr(error, 'reason', error)}", file=sys.stderr)
        return 2
    print(f"written to {asked.out}")
    return 0


def report(metrics: str) -> str:
    """Return the page for the text of `/metrics`."""
    models = compare(metrics)
    body = "".join(_section(name, features) for name, features in models.items())
    nothing = "<p>No model has a reference profile, or none has been asked: models saved by `train` have one.</p>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Drift</title><style>{_STYLE}</style></head>'
        "<body><h1>Drift of live traffic</h1><p>Population stability index of the last calls against the reference"
        f" profile of the model: below {_NOTABLE} no change, above {_GREAT} a great one.</p>{body or nothing}"
        "</body></html>"
    )


def compare(metrics: str) -> dict[str, list[Compared]]:
    """Return the features of each model that has been asked, those that drifted most first."""
    by_name = {family.name: family for family in text_string_to_metric_families(metrics)}
    expected = counts(by_name.get(EXPECTED))
    found: dict[str, list[Compared]] = {}
    for (model, feature), live in sorted(counts(by_name.get(OBSERVED)).items()):
        bins = sorted(live)
        wanted, seen = [expected[model, feature].get(name, 0.0) for name in bins], [live[name] for name in bins]
        if sum(seen) and sum(wanted):
            names = [name.partition(" ")[2] for name in bins]
            compared = Compared(feature, stability_index(wanted, seen), names, wanted, seen)
            found.setdefault(model, []).append(compared)
    return {model: sorted(features, key=lambda each: -each.index) for model, features in found.items()}


def _section(model: str, features: Sequence[Compared]) -> str:
    calls = int(max(sum(each.observed) for each in features))
    few = f" They are too few to tell: wait for {FEWEST}." if calls < FEWEST else ""
    rows = "".join(
        f'<tr class="{_grade(each.index, calls)}"><td>{escape(each.feature)}</td><td>{each.index:.3f}</td></tr>'
        for each in features
    )
    picture = base64.b64encode(drift_plot(features)).decode()
    return (
        f"<h2>{escape(model)}</h2><p>The last {calls:,} calls.{few}</p>"
        f"<table><tr><th>feature</th><th>stability index</th></tr>{rows}</table>"
        f'<p><img alt="Distributions of {escape(model)}, then and now" src="data:image/png;base64,{picture}"></p>'
    )


def _grade(index: float, calls: int) -> str:
    if calls < FEWEST:
        return "none"
    return "great" if index > _GREAT else "notable" if index > _NOTABLE else "none"


def _read(source: str) -> str:
    if not source.startswith(("http://", "https://")):
        return Path(source).read_text(encoding="utf-8")
    with urlopen(source, timeout=10) as answer:  # noqa: S310 the scheme is checked above
        content: bytes = answer.read()
    return content.decode()


if __name__ == "__main__":
    sys.exit(main())
