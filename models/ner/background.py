"""Sentences of the built-in corpus that help to learn a user's labels: people and places are the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.ner.dataset import Sentence, label_counts, load_corpus

ALIASES = {
    **dict.fromkeys(("PER", "PERS", "PERSON"), "PERSON"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "GEO-LOC", "PLACE"), "LOCATION"),
}
"""What other label sets call kinds of ours that mean the same."""


def background(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return training sentences of the corpus under the user's labels, none where no label has a counterpart.

    Spans of the other kinds are marked unknown: a merchant may be nothing to the user, or a company, or a product.
    """
    theirs = {ALIASES[label.upper()]: label for label in label_counts(sentences) if label.upper() in ALIASES}
    if not theirs:
        return []
    languages = {each.language for each in sentences}
    counts = {tongue: sum(each.language == tongue for each in sentences) for tongue in languages}
    spoken = {tongue for tongue, count in counts.items() if count > 0.05 * len(sentences)}
    corpus = [each for each in load_corpus() if each.split == "train" and each.language in spoken]
    most = sum(each.split == "train" for each in sentences)
    return [_relabelled(each, theirs) for each in corpus[:most]]


def _relabelled(sentence: Sentence, theirs: dict[str, str]) -> Sentence:
    known = tuple(replace(span, label=theirs[span.label]) for span in sentence.spans if span.label in theirs)
    unknown = tuple(span for span in sentence.spans if span.label not in theirs)
    return replace(sentence, spans=known, unknown=unknown, volume="background")
