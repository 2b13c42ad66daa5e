"""What the default model reaches, and what nobody could mistake."""

from __future__ import annotations

from typing import Any

import pytest

from models.device import cuda_visible
from models.ner.contract import LABELS, NerPrediction, NerRequest
from models.ner.dataset import load_corpus
from models.ner.evaluate import find_entities, micro_f1
from models.ner.model import NerModel
from models.store import StoredModel
from tests.models.ner.texts import CARD, IBAN


@pytest.fixture(scope="module")
def model(ner_model: StoredModel) -> NerModel:
    return NerModel.load(ner_model)


def ask(model: NerModel, text: str, **fields: Any) -> NerPrediction:
    [answer] = model.predict([NerRequest.model_validate({"text": text, "reference_date": "2026-03-18", **fields})])
    return answer


def spans(answer: NerPrediction) -> list[tuple[str, str]]:
    return [(each.label, each.text) for each in answer.entities]


@pytest.mark.parametrize(("language", "least"), [("en", 0.90), ("fr", 0.89)])
def test_it_is_good_enough(ner_model: StoredModel, language: str, least: float):
    assert ner_model.metadata["metrics"][language]["f1"] >= least


@pytest.mark.parametrize("language", ["all", "en", "fr"])
def test_its_values_are_right(ner_model: StoredModel, language: str):
    assert ner_model.metadata["metrics"][language]["value_accuracy"] >= 0.95


@pytest.mark.parametrize("language", ["all", "en", "fr"])
def test_its_scores_are_calibrated(ner_model: StoredModel, language: str):
    assert ner_model.metadata["metrics"][language]["ece"] <= 0.08


def test_its_labels_are_those_of_the_contract(ner_model: StoredModel):
    assert set(ner_model.metadata["labels"]) == set(LABELS)


def test_its_stored_figures_are_true(ner_model: StoredModel, model: NerModel):
    test = [each for each in load_corpus() if (each.split, each.language) == ("test", "fr")]
    assert micro_f1(find_entities(model, test)) == pytest.approx(ner_model.metadata["metrics"]["fr"]["f1"], abs=0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Send 50 bucks to Marie Dupont next Friday",
            [("AMOUNT", "50 bucks"), ("PERSON", "Marie Dupont"), ("DATE", "next Friday")],
        ),
        (
            "combien j'ai d\u00e9pens\u00e9 chez Carrefour le mois dernier ?",
            [("MERCHANT", "Carrefour"), ("DATE", "mois dernier")],
        ),
        (f"transfer $1,200.50 to {IBAN}", [("AMOUNT", "$1,200.50"), ("IBAN", IBAN)]),
        (f"block my card {CARD} now", [("CARD", CARD)]),
        ("how much did I spend on groceries in 2025", [("CATEGORY", "groceries"), ("DATE", "2025")]),
        ("hello, how are you", []),
    ],
)
def test_what_nobody_could_mistake(model: NerModel, text: str, expected: list[tuple[str, str]]):
    assert spans(ask(model, text)) == expected


def test_a_brand_that_is_also_a_word_is_told_by_its_sentence(model: NerModel):
    assert ("MERCHANT", "Orange") in spans(ask(model, "Orange charged me 30 euros for my phone"))
    assert "MERCHANT" not in [label for label, _ in spans(ask(model, "I paid 2 euros for an orange juice"))]


def test_small_letters_are_read(model: NerModel):
    assert spans(ask(model, "send 50 euros to paul tomorrow")) == [
        *(("AMOUNT", "50 euros"), ("PERSON", "paul"), ("DATE", "tomorrow"))
    ]


def test_a_long_text_loses_and_doubles_nothing(model: NerModel):
    sentence = "I paid $12.50 at Amazon yesterday. "
    first = spans(ask(model, sentence))
    found = spans(ask(model, (sentence * 142)[:4970]))
    assert len(first) == 3
    assert len(found) == 3 * 142
    assert sum(one != other for one, other in zip(found, first * 142, strict=True)) <= 3


@pytest.mark.gpu
@pytest.mark.skipif(not cuda_visible(), reason="no CUDA device on this machine")
def test_a_gpu_gives_the_same_entities(ner_model: StoredModel, model: NerModel):
    test = [each for each in load_corpus() if each.split == "test"][::6]
    ours, theirs = (find_entities(each, test) for each in (model, NerModel.load(ner_model, device="cuda")))
    same = [{one.span for one in a.spans} == {one.span for one in b.spans} for a, b in zip(ours, theirs, strict=True)]
    assert sum(same) >= 0.95 * len(test)


@pytest.mark.parametrize("offset", range(0, 40, 13))
def test_long_texts_lose_and_double_nothing(model: NerModel, offset: int):
    """Whatever stands before them, the entities of every sentence are found: no window's edge cuts one."""
    sentence = "I spent $12.50 at Amazon yesterday. "
    text = ("please " * offset + sentence * 200)[:5000]
    whole = text.count(sentence)
    wanted = [("AMOUNT", "$12.50"), ("MERCHANT", "Amazon"), ("DATE", "yesterday")]
    assert spans(ask(model, text))[: 3 * whole] == wanted * whole
