"""Where the time of one short sentence goes in the entity predictor, on one core.

`python -m benchmarks.entity_parts` prints medians over a hundred runs of each of some sentences and writes them to
results/entity_parts.md.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from models import store
from models.ner.contract import NerRequest
from models.ner.gazetteer import Gazetteer
from models.ner.model import NerModel
from models.ner.patterns import find
from models.ner.values.resolve import Sentence, resolve
from models.ner.words import WordReader
from models.text.language import detect_language
from models.text.sessions import open_session, run_tokens

RESULTS = Path(__file__).with_name("results") / "entity_parts.md"
SENTENCES = (
    "Send 50 bucks to Marie Dupont next Friday",
    "How much did I spend on groceries at Carrefour last month?",
    "Combien ai-je dépensé chez Boulanger depuis janvier ?",
    "vire 1 200,50 € sur mon livret A demain",
    "what's my balance",
)
RUNS = 100


def median_ms(call: Callable[[], object]) -> float:
    """Return the median time of `call` in milliseconds."""
    call()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return 1e3 * statistics.median(times)


def main() -> None:
    stored = store.load("ner:latest")
    model = NerModel.load(stored)
    reader = WordReader(stored.path / "tokenizer.json", Gazetteer.load(stored.path / "gazetteer.json.gz"))
    session = open_session(stored.path, "cpu", 1, "TokenClassifier")
    parts: dict[str, list[float]] = {}
    for text in SENTENCES:
        rows = reader(text).rows
        language = detect_language(text)
        sentence = Sentence(text, language, dt.date(2026, 5, 14))
        [entities] = model.entities([text], [language])
        spans = [each.span for each in entities]
        steps: dict[str, Callable[[], object]] = {
            "language": lambda text=text: detect_language(text),
            "words (tokenizer, shapes, gazetteer)": lambda text=text: reader(text),
            "network": lambda rows=rows: run_tokens(session, rows, reader.pad_id),
            "patterns": lambda text=text, language=language: find(text, language),
            "values": lambda spans=spans, sentence=sentence: [
                resolve(each.label, each.start, each.end, sentence) for each in spans
            ],
            "whole predictor": lambda text=text: model.predict([NerRequest(text=text)]),
        }
        for name, step in steps.items():
            parts.setdefault(name, []).append(median_ms(step))
    lines = ["| step | median ms |", "|---|---|"]
    lines += [f"| {name} | {statistics.median(times):.2f} |" for name, times in parts.items()]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
