"""Measure an entity model on labelled sentences it has not seen, by exact spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.markdown import Markdown

from models import store
from models.calibration import expected_calibration_error
from models.data_file import DataError
from models.intervals import Estimate, bootstrap
from models.ner.dataset import Sentence, label_counts, read_sentences
from models.ner.merge import Scored
from models.ner.model import NerModel
from models.ner.right_values import right_values
from models.options import option


@dataclass(frozen=True)
class Found:
    """A sentence and the entities that a model finds in it."""

    sentence: Sentence
    spans: tuple[Scored, ...]

    @property
    def hits(self) -> int:
        """How many of them are right: label, start and end."""
        return len({each.span for each in self.spans} & set(self.sentence.spans))


@dataclass(frozen=True)
class LabelScore:
    """How one label does; `value` is the share of right values among right spans."""

    label: str
    precision: float
    recall: float
    f1: float
    value: float | None
    support: int


@dataclass(frozen=True)
class Report:
    """What was measured on n sentences.

    Attributes
    ----------
    precision, recall, f1: of exact spans with their labels, over all entities (micro average).
    values: share of right values among the right spans, None where the data has no values.
    ece: expected calibration error of the scores.
    confidence, correct: (answered entities,) for the reliability diagram.
    """

    name: str
    n: int
    entities: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    values: Estimate | None
    ece: float
    per_label: tuple[LabelScore, ...]
    confidence: npt.NDArray[np.float64]
    correct: npt.NDArray[np.bool_]

    def figures(self) -> dict[str, float | int]:
        """Return the figures worth storing with the model."""
        figures: dict[str, float | int] = {
            "n": self.n,
            "entities": self.entities,
            "precision": round(self.precision.value, 4),
            "recall": round(self.recall.value, 4),
            "f1": round(self.f1.value, 4),
            "ece": round(self.ece, 4),
        }
        if self.values is not None:
            figures["value_accuracy"] = round(self.values.value, 4)
        return figures


@dataclass(frozen=True)
class Options:
    """What to evaluate."""

    data: Path = option(Path("test.jsonl"), "JSON lines with offsets, or CoNLL with BIO tags")
    model: str = option("ner:latest", "tag in the BentoML model store")
    out: Path = option(Path("reports/ner"), "folder for the report and its plots")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Evaluate a stored model on a file, print the figures and write the report."""
    from models.ner.card import write_report

    model = NerModel.load(store.load(options.model), threads=0)
    sentences = read_sentences(options.data)
    unknown = sorted(set(label_counts(sentences)) - set(model.decision.labels))
    measured = report(find_entities(model, sentences), options.data.name)
    file = write_report(options.out, measured, f"ner:{model.version}", unknown)
    Console().print(Markdown(file.read_text(encoding="utf-8")))
    print(f"written to {options.out}")


def find_entities(model: NerModel, sentences: Sequence[Sentence]) -> list[Found]:
    """Return what the model finds in each sentence."""
    entities = model.entities([each.text for each in sentences], [each.language for each in sentences])
    return [Found(each, tuple(spans)) for each, spans in zip(sentences, entities, strict=True)]


def micro_f1(found: Sequence[Found]) -> float:
    """Return F1 of exact spans with their labels over all sentences."""
    return _f1(*_totals(found).sum(0))


def report(found: Sequence[Found], name: str) -> Report:
    """Return the figures of what was found."""
    totals = _totals(found)

    def over(figure: Callable[..., float]) -> Estimate:
        return bootstrap(lambda at: figure(*totals[at].sum(0)), len(found))

    valued = [each for each in found if each.sentence.values]
    value_hits = [right_values(each.sentence, {one.span for one in each.spans}) for each in valued]
    right_spans = np.array([np.sum([(0, 0), *counts.values()], axis=0) for counts in value_hits])
    scored = [(each.score, each.span in set(one.sentence.spans)) for one in found for each in one.spans]
    confidence = np.array([score for score, _ in scored], dtype=np.float64)
    correct = np.array([right for _, right in scored], dtype=np.bool_)
    return Report(
        name=name,
        n=len(found),
        entities=int(totals[:, 2].sum()),
        precision=over(lambda hits, answered, true: hits / answered if answered else 0.0),
        recall=over(lambda hits, answered, true: hits / true if true else 0.0),
        f1=over(_f1),
        values=bootstrap(lambda at: _share(*right_spans[at].sum(0)), len(valued)) if valued else None,
        ece=expected_calibration_error(confidence, correct) if len(scored) else 0.0,
        per_label=_per_label(found, value_hits if valued else []),
        confidence=confidence,
        correct=correct,
    )


def report_groups(found: Sequence[Found]) -> list[Report]:
    """Return reports on all sentences, then by language."""
    languages = sorted({each.sentence.language for each in found})
    groups = {"all": list(found)}
    if len(languages) > 1:
        groups |= {tongue: [each for each in found if each.sentence.language == tongue] for tongue in languages}
    return [report(group, name) for name, group in groups.items() if len(group) >= 20 or name == "all"]


def _totals(found: Sequence[Found]) -> npt.NDArray[np.int_]:
    """Return (n, 3): right, answered and true entities of each sentence."""
    rows = [(each.hits, len(each.spans), len(each.sentence.spans)) for each in found]
    return np.array(rows, dtype=np.int_).reshape(-1, 3)


def _f1(hits: int, answered: int, true: int) -> float:
    return 2 * float(hits) / (answered + true) if answered + true else 0.0


def _share(right: int, total: int) -> float:
    return float(right) / total if total else float("nan")


def _per_label(found: Sequence[Found], value_hits: Sequence[Mapping[str, tuple[int, int]]]) -> tuple[LabelScore, ...]:
    hits, answered, true = Counter[str](), Counter[str](), Counter[str]()
    for each in found:
        gold = set(each.sentence.spans)
        true.update(span.label for span in gold)
        answered.update(one.span.label for one in each.spans)
        hits.update(one.span.label for one in each.spans if one.span in gold)
    scores = []
    for label in sorted(true | answered):
        right = sum(counts.get(label, (0, 0))[0] for counts in value_hits)
        total = sum(counts.get(label, (0, 0))[1] for counts in value_hits)
        scores.append(
            LabelScore(
                label,
                hits[label] / answered[label] if answered[label] else 0.0,
                hits[label] / true[label] if true[label] else 0.0,
                _f1(hits[label], answered[label], true[label]),
                right / total if total else None,
                true[label],
            )
        )
    return tuple(scores)
