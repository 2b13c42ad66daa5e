"""The model card of a spending model, written beside its files with its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.options import OptionError
from models.plots import Fan, fan_plot
from models.spending.evaluate import Report
from models.spending.fit import combined
from models.spending.methods import METHODS
from models.spending.policy import Policy, interval, noise_class
from models.spending.tryout import Tried
from models.store import StoredModel

_SHOWN = 6


def write_card(
    folder: Path, reports: Sequence[Report], policy: Policy, tried: Sequence[Tried], metadata: Mapping[str, Any]
) -> None:
    """Write `card.md` and `fans.png`."""
    fans(folder, policy, [each for each in tried if each.example.split == "test"])
    lines = [
        "# Model card: spending",
        "",
        "Forecasts a user's monthly spending, 1 to 36 months ahead, with 80 % intervals.",
        "",
        "## Data",
        "",
        f"- {metadata['data']}, SHA-256 {metadata['data_digest']}",
        f"- {', '.join(f'{split} {n}' for split, n in metadata['splits'].items())} series; a user is in one split only",
        "- Weights are fitted on both halves, intervals by what each half taught about the other; test series took no",
        "  part.",
        "",
        "## Method",
        "",
        "The mean of Prophet, ETS, theta, the typical month and the seasonal naive; weights by length of history, each",
        "divided by a power (sharpness) of the method's error in the series' own rolling-origin backtest.",
        "",
        *policy_table(policy),
        "",
        "## Results on test data, the first year ahead",
        "",
        "95 % bootstrap intervals over series.",
        "",
        *summary(reports),
        "",
        "Error of each method alone and of each way to combine them, in units of the methods' mean error:",
        "",
        *policies(reports),
        "",
        "![forecasts of test series](fans.png)",
        "",
        "## Limits",
        "",
        "- A month that breaks with all that came before is not foreseen; the interval says how often that happens.",
        "- The amounts of users without any history are those of the population, in its currency.",
        "- Seasons need two years of history, slopes two and a half.",
        "",
    ]
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8")


def write_report(folder: Path, report: Report, policy: Policy, tried: Sequence[Tried], model: str) -> Path:
    """Write `report.md` and its plot for an evaluation."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {folder}: cannot be made a folder ({error.strerror})") from error
    fans(folder, policy, tried)
    lines = [
        f"# {model} on {report.name}",
        "",
        *summary([report]),
        "",
        *policies([report]),
        "",
        "![fans](fans.png)",
        "",
    ]
    file = folder / "report.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def summary(reports: Sequence[Report]) -> list[str]:
    """Return a Markdown table with a row for each report."""
    lines = ["| test data | n | MASE | WAPE | coverage of the 80 % interval |", "|---|---|---|---|---|"]
    lines += [f"| {each.name} | {each.n} | {each.mase} | {each.wape} | {each.coverage} |" for each in reports]
    return lines


def summary_of(stored: StoredModel) -> list[str]:
    """Return the table of results from the card of a stored model."""
    lines = (stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| test data"))
    end = next(index for index in range(start, len(lines)) if not lines[index])
    return lines[start:end]


def policies(reports: Sequence[Report]) -> list[str]:
    """Return a Markdown table with a row for each method and combination, a column for each report."""
    lines = [f"| policy | {' | '.join(each.name for each in reports)} |", f"|---|{'---|' * len(reports)}"]
    lines += [
        f"| {name} | {' | '.join(f'{each.policies[name].value:.3f}' for each in reports)} |"
        for name in reports[0].policies
    ]
    return lines


def policy_table(policy: Policy) -> list[str]:
    """Return a Markdown table of the fitted regimes."""
    lines = [f"| months of history from | {' | '.join(METHODS)} | sharpness |", f"|---|{'---|' * len(METHODS)}---|"]
    lines += [
        f"| {each.months} | {' | '.join(f'{weight:.2f}' for weight in each.weights)} | {each.sharpness:g} |"
        for each in policy.regimes
    ]
    return lines


def fans(folder: Path, policy: Policy, tried: Sequence[Tried]) -> None:
    """Write `fans.png`: a few series, from short to long histories, with what came and what was forecast."""
    ordered = sorted(tried, key=lambda each: len(each.series))
    chosen = ordered[:: max(1, len(ordered) // _SHOWN)][:_SHOWN]
    panels = []
    for each in chosen:
        regime = policy.regime(len(each.series))
        ahead, scale = combined(regime, each)
        lower, upper = interval(regime, ahead, scale, noise_class(scale, each.series))
        title = f"{each.example.kind}, {len(each.series)} months"
        panels.append(Fan(title, each.series.amounts, each.example.ahead, ahead, lower, upper))
    fan_plot(panels, folder / "fans.png")
