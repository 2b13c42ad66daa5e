"""The model card of an anomaly model, written beside its files with its plots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.anomaly.evaluate import Report
from models.anomaly.plots import kinds_plot, scores_plot
from models.options import OptionError
from models.store import StoredModel


def write_card(folder: Path, report: Report, metadata: Mapping[str, Any]) -> None:
    """Write `card.md`, `kinds.png` and `scores.png`."""
    plots(folder, report)
    accounts, ordinary, odd = metadata["accounts"], metadata["ordinary"], metadata["mischief"]
    lines = [
        "# Model card: anomaly",
        "",
        "Scores one transaction against the account's own history: how strange it is for this person, and why.",
        "",
        "## Data",
        "",
        f"- {metadata['data']}, SHA-256 {metadata['data_digest']}, seed {metadata['seed']}",
        f"- {accounts['fitted']} accounts to learn from, {accounts['tested']} others to test on;"
        f" {metadata['transactions']:,} transactions",
        f"- learnt from {ordinary['fitted']:,} ordinary transactions and {odd['fitted']:,} of mischief done to the same"
        f" accounts; tested on {ordinary['tested']:,} and {odd['tested']:,}",
        "- The mischief is generated. It teaches how much each kind of oddity speaks for mischief; what is odd is",
        "  learnt from ordinary transactions alone.",
        "",
        "## Results on accounts that took no part in training",
        "",
        "95 % bootstrap intervals. Recall is at 1 % false alerts; the alert rate is that of ordinary transactions at",
        "the threshold for 0.5 %.",
        "",
        *summary(report),
        "",
        "Other models over the same features; boosting was shown the same mischief, the others none:",
        "",
        *beside(report),
        "",
        *by_kind(report),
        "",
        "![kinds](kinds.png)",
        "![scores](scores.png)",
        "",
        "## Limits",
        "",
        "- Learnt from written, not from observed, accounts: figures on real ones are in benchmarks/.",
        "- Mischief that is like the person's own habits is not found: nothing in its columns tells it apart.",
        "- A transaction that says less (no merchant, no country, no time of day) is judged by less.",
        "- The 2,000 newest earlier transactions are looked at; the score says how strange, not how harmful.",
        "",
    ]
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8")


def write_report(folder: Path, report: Report, model: str) -> Path:
    """Write `report.md` and its plots for an evaluation."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {folder}: cannot be made a folder ({error.strerror})") from error
    plots(folder, report)
    lines = [f"# {model} on {report.name}", "", *summary(report), "", *by_kind(report), ""]
    file = folder / "report.md"
    file.write_text("\n".join([*lines, "![kinds](kinds.png)", "![scores](scores.png)", ""]), encoding="utf-8")
    return file


def summary(report: Report) -> list[str]:
    """Return a Markdown table of the figures."""
    cells = (
        report.name,
        report.ordinary,
        report.odd_count,
        report.auroc,
        report.precision,
        report.recall,
        report.alerts,
    )
    return [
        "| test data | ordinary | odd | AUROC | average precision | recall at 1 % | alert rate |",
        "|---|---|---|---|---|---|---|",
        f"| {' | '.join(map(str, cells))} |",
    ]


def summary_of(stored: StoredModel) -> list[str]:
    """Return the table of results from the card of a stored model."""
    lines = (stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| test data"))
    return lines[start : start + 3]


def beside(report: Report) -> list[str]:
    """Return a Markdown table of what is compared."""
    lines = ["| model | AUROC | recall at 1 % |", "|---|---|---|"]
    lines += [f"| this model | {report.auroc.value:.3f} | {report.recall.value:.3f} |"]
    return lines + [f"| {name} | {area:.3f} | {found:.3f} |" for name, (area, found) in report.others.items()]


def by_kind(report: Report) -> list[str]:
    """Return a Markdown table with a row for each kind of mischief."""
    lines = ["| kind | AUROC | recall at 1 % | n |", "|---|---|---|---|"]
    return lines + [f"| {each.kind} | {each.auroc:.3f} | {each.recall:.3f} | {each.count} |" for each in report.kinds]


def plots(folder: Path, report: Report) -> None:
    """Write `kinds.png` and `scores.png`."""
    kinds_plot([each.kind for each in report.kinds], [each.recall for each in report.kinds], folder / "kinds.png")
    scores_plot(report.scores, report.odd, folder / "scores.png")
