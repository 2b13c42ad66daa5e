"""The model card of an entity model, written beside its files with its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.ner.evaluate import Report
from models.options import OptionError
from models.plots import bars_plot, reliability_plot
from models.store import StoredModel


def write_card(folder: Path, reports: Sequence[Report], metadata: Mapping[str, Any]) -> None:
    """Write `card.md`, `labels.png` and `reliability.png`."""
    plots(folder, reports[0])
    n = metadata["splits"]
    unseen = ", ".join(f"{label} {share:.0%}" for label, share in metadata["unseen_names"].items())
    lines = [
        "# Model card: ner",
        "",
        "Finds entities in what users of a finance application write, in English and French, and their values.",
        "",
        "## Data",
        "",
        f"- {metadata['data']}, SHA-256 {metadata['data_digest']}",
        f"- training {n.get('train', 0)}, validation {n.get('validation', 0)}, test {n.get('test', 0)} sentences;"
        f" labels {', '.join(metadata['labels'])}",
        f"- names in test sentences that no training sentence holds: {unseen or 'not applicable'}",
        "",
        "## Method",
        "",
        f"- backbone {metadata['backbone']}, fine-tuned as a whole: {metadata['fine_tuning']};"
        f" {metadata['french_words_added']} French words added to its vocabulary",
        "- proven patterns (IBAN, card number, e-mail, international telephone number) win over the network, it over"
        " plain patterns",
        f"- int8 F1 of the network alone on validation data {metadata['validation_f1']['int8']:.4f},"
        f" float32 {metadata['validation_f1']['float32']:.4f}",
        "",
        "## Results on test data, as served (int8)",
        "",
        "Exact spans with their labels; 95 % bootstrap intervals over sentences. `values`: share of right values among",
        "the right spans.",
        "",
        *summary(reports),
        "",
        *per_label(reports[0]),
        "",
        "![labels](labels.png)",
        "![reliability](reliability.png)",
        "",
        "## Limits",
        "",
        "- English and French. Names are known by where they stand: a lone name without a sentence is a guess.",
        "- Spans do not nest or overlap, and lie within 128 word pieces.",
        "- Moving feasts other than Christian ones, and dates told by events, have no value.",
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
        lines += [f"Labels the model does not know, so never found: {', '.join(unknown)}.", ""]
    lines += [*per_label(report), "", "![labels](labels.png)", "![reliability](reliability.png)", ""]
    file = folder / "report.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def summary(reports: Sequence[Report]) -> list[str]:
    """Return a Markdown table with a row for each report."""
    lines = [
        "| test data | sentences | entities | precision | recall | F1 | values | ECE |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.name} | {each.n} | {each.entities} | {each.precision} | {each.recall} | {each.f1} |"
        f" {each.values or '-'} | {each.ece:.3f} |"
        for each in reports
    ]
    return lines


def summary_of(stored: StoredModel) -> list[str]:
    """Return the table of results from the card of a stored model."""
    lines = (stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| test data"))
    end = next(index for index in range(start, len(lines)) if not lines[index])
    return lines[start:end]


def per_label(report: Report) -> list[str]:
    """Return a Markdown table with a row for each label."""
    lines = ["| label | precision | recall | F1 | values | n |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {each.label} | {each.precision:.3f} | {each.recall:.3f} | {each.f1:.3f} |"
        f" {'-' if each.value is None else f'{each.value:.3f}'} | {each.support} |"
        for each in report.per_label
    ]
    return lines


def plots(folder: Path, report: Report) -> None:
    """Write `labels.png` and `reliability.png`."""
    bars_plot({each.label: each.f1 for each in report.per_label}, "F1", folder / "labels.png")
    reliability_plot(report.confidence, report.correct, report.ece, folder / "reliability.png")
