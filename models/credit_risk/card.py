"""The model card of a credit risk model, written beside its files with its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.credit_risk.contract import DEMONSTRATION
from models.credit_risk.evaluate import Report, table
from models.credit_risk.fairness import Fairness
from models.credit_risk.fit import Fitted
from models.credit_risk.policy import Policy, policy
from models.credit_risk.specification import Specification
from models.options import OptionError
from models.plots import rate_plot, roc_plot
from models.store import StoredModel


def write_card(
    folder: Path, report: Report, fitted: Fitted, specification: Specification, metadata: Mapping[str, Any]
) -> None:
    """Write `card.md`, `calibration.png` and `roc.png`."""
    plots(folder, report)
    losses = ", ".join(f"{name} {value:.4f}" for name, value in fitted.losses.items())
    lines = [
        "# Model card: credit risk",
        "",
        *([f"**{DEMONSTRATION}**", ""] if metadata["demonstration"] else []),
        f"Probability of default of: {specification.title.rstrip('.')}.",
        "",
        "## Data",
        "",
        f"- {metadata['data']}, SHA-256 {metadata['data_digest']}",
        f"- fitted to {metadata['rows']['fitted']} loans, tested on {report.n} others, {report.bad} of them defaulted",
        "",
        "## Method",
        "",
        f"- {fitted.members} boosted ensembles of {fitted.trees} trees, each leaving out a part of the loans, and a"
        f" logistic scorecard, blended in log-odds; the scorecard's share is {fitted.share:g}",
        f"- calibrated by {'an isotonic curve over ' if fitted.curve.given else ''}Platt's line",
        f"- chosen by cross-validated log loss on the loans it was fitted to: {losses}",
        "- a sum of tables of one and two answers, so the contributions that reasons come from are exact",
        "- a missing answer counts as the average one, or as better where the data say so",
        "",
        *_features(specification),
        "",
        "## Results on test data",
        "",
        "95 % bootstrap intervals. `scorecard` is the challenger, `unconstrained boosting` knows no monotonicity.",
        *([f"With the probabilities the outcomes were drawn with, AUC would be {metadata['auc_of_truth']:.3f}."]
          if "auc_of_truth" in metadata else []),
        "",
        *table(report.contenders),
        "",
        "![calibration](calibration.png)",
        "![roc](roc.png)",
        "",
        *_fairness(report.fairness, policy()),
        "## Limits",
        "",
        "- It knows loans that were granted; of applicants like those who were refused it has seen nothing.",
        "- Values beyond those of the data count as the nearest that was seen.",
        "- Default rates move with the economy: watch calibration on new loans and train anew.",
        "- Not a legal opinion on fairness; answers that stand for a protected one can remain among the inputs.",
        "",
    ]  # fmt: skip
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8")


def write_report(folder: Path, report: Report, model: str) -> Path:
    """Write `report.md` and its plots for an evaluation."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {folder}: cannot be made a folder ({error.strerror})") from error
    plots(folder, report)
    lines = [f"# {model} on {report.name}", "", f"{report.n} loans, {report.bad} of them defaulted.", ""]
    lines += [*table(report.contenders), "", *_fairness(report.fairness, policy())]
    lines += ["![calibration](calibration.png)", "![roc](roc.png)", ""]
    file = folder / "report.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def summary_of(stored: StoredModel) -> list[str]:
    """Return the table of results from the card of a stored model."""
    lines = (stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| model | AUC"))
    end = next(index for index in range(start, len(lines)) if not lines[index])
    return lines[start:end]


def plots(folder: Path, report: Report) -> None:
    """Write `calibration.png` and `roc.png`."""
    rate_plot(report.probabilities, report.outcomes, folder / "calibration.png")
    roc_plot(report.probabilities, report.outcomes, folder / "roc.png")


def _features(specification: Specification) -> list[str]:
    words = {"raises_risk": "never lowers the risk", "lowers_risk": "never raises the risk", "none": "free"}
    lines = ["| answer | a higher value |", "|---|---|"]
    lines += [f"| {feature.name} | {words[feature.monotone]} |" for feature in specification.inputs]
    lines += [f"| {feature.name} | not seen by the model |" for feature in specification.protected]
    return lines


def _fairness(reports: Sequence[Fairness], cutoffs: Policy) -> list[str]:
    if not reports:
        return []
    lines = [
        "## Fairness",
        "",
        f"Approved below a probability of {cutoffs.credit_review_from:g}. `refused though good`: not approved, of those"
        " who repaid.",
        "",
    ]
    for each in reports:
        lines += [
            f"By {each.feature}: approval rate ratio {each.approval_ratio:.2f}"
            f"{' (below 0.8: look closer)' if each.approval_ratio < 0.8 else ''}, gap in refusals of good applicants"
            f" {each.refusal_gap:.2f}.",
            "",
            f"| {each.feature} | n | approved | refused though good | predicted default | observed default |",
            "|---|---|---|---|---|---|",
        ]
        for group in each.groups:
            refused = "-" if group.refused_good is None else f"{group.refused_good:.3f}"
            lines.append(
                f"| {group.name} | {group.n} | {group.approved:.3f} | {refused} | {group.predicted:.3f} |"
                f" {group.observed:.3f} |"
            )
        lines.append("")
    return lines
