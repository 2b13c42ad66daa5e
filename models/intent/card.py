"""The model card of an intent model, written beside its files with its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.intent.evaluate import Report
from models.options import OptionError
from models.plots import confusion_plot, reliability_plot
from models.store import StoredModel


def write_card(folder: Path, reports: Sequence[Report], metadata: Mapping[str, Any]) -> None:
    """Write `card.md`, `confusion.png` and `reliability.png`."""
    plots(folder, reports[0])
    n = metadata["splits"]
    detectors = metadata["out_of_scope"]
    compared = ", ".join(f"{name} {value:.3f}" for name, value in detectors.items() if name != "chosen")
    lines = [
        "# Model card: intent",
        "",
        "Classifies what a user of a finance application asks for, in English and French.",
        "",
        "## Data",
        "",
        f"- {metadata['data']}, SHA-256 {metadata['data_digest']}",
        f"- training {n.get('train', 0)}, validation {n.get('validation', 0)}, test {n.get('test', 0)} queries;"
        f" {len(metadata['labels'])} intents",
        "- Paraphrases share a split. Nothing was fitted or chosen on test queries.",
        "",
        "## Method",
        "",
        f"- backbone {metadata['backbone']}, fine-tuned as a whole: {metadata['fine_tuning']};"
        f" {metadata['french_words_added']} French words added to its vocabulary",
        f"- blended with an n-gram model, share {metadata['decision']['blend']}",
        f"- out of scope by {detectors['chosen']}, the best on validation data"
        f" (AUROC: {compared or 'no outliers to compare by'})",
        f"- int8 accuracy on validation data {metadata['validation_accuracy']['int8']:.4f},"
        f" float32 {metadata['validation_accuracy']['float32']:.4f}",
        "",
        "## Results on test data, as served (int8)",
        "",
        "95 % bootstrap intervals. `accuracy` is over in-scope queries, a refusal being wrong; `answered` over all.",
        "The n-gram model alone (TF-IDF and logistic regression) is the plain baseline.",
        "",
        *summary(reports),
        f"| {reports[0].name}, n-grams alone | {reports[0].n} | {metadata['ngram_baseline']:.3f} | - | - | - | - |",
        "",
        *per_label(reports[0]),
        "",
        "![confusion](confusion.png)",
        "![reliability](reliability.png)",
        "",
        "## Limits",
        "",
        "- One intent a query: of two wishes in one sentence, one is answered.",
        "- English and French only; other languages are mostly, not always, found out of scope.",
        "- Queries are read up to 256 tokens, about 1,000 characters; what follows is not seen.",
        "- Calibrated for the share of out-of-scope queries in the validation data; another share shifts it.",
        "",
    ]
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8")


def write_report(folder: Path, report: Report, model: str, unknown: Sequence[str]) -> Path:
    """Write `report.md` and its plots for an evaluation; `unknown` labels are in the data and not in the model."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {folder}: cannot be made a folder ({error.strerror})") from error
    plots(folder, report)
    lines = [f"# {model} on {report.name}", "", *summary([report]), ""]
    if unknown:
        lines += [f"Labels the model does not know, so never right: {', '.join(unknown)}.", ""]
    lines += [*per_label(report), "", "![confusion](confusion.png)", "![reliability](reliability.png)", ""]
    file = folder / "report.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def summary(reports: Sequence[Report]) -> list[str]:
    """Return a Markdown table with a row for each report."""
    lines = [
        "| test data | n | accuracy | answered | macro F1 | out-of-scope AUROC | ECE |",
        "|---|---|---|---|---|---|---|",
    ]
    for report in reports:
        cells = (
            report.name,
            report.n,
            report.accuracy if report.accuracy.high else "-",  # no query in scope to be right about
            report.answered,
            report.macro_f1,
            report.out_of_scope_auroc or "-",
            f"{report.ece:.3f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def summary_of(stored: StoredModel) -> list[str]:
    """Return the table of results from the card of a stored model."""
    lines = (stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| test data"))
    end = next(index for index in range(start, len(lines)) if not lines[index])
    return lines[start:end]


def per_label(report: Report) -> list[str]:
    """Return a Markdown table with a row for each label."""
    lines = ["| label | precision | recall | F1 | n |", "|---|---|---|---|---|"]
    lines += [
        f"| {each.label} | {each.precision:.3f} | {each.recall:.3f} | {each.f1:.3f} | {each.support} |"
        for each in report.per_label
    ]
    return lines


def plots(folder: Path, report: Report) -> None:
    """Write `confusion.png` and `reliability.png`."""
    confusion_plot(report.confusion, report.labels, folder / "confusion.png")
    reliability_plot(report.confidence, report.correct, report.ece, folder / "reliability.png")
