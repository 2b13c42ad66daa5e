from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.intent.contract import INTENTS, OUT_OF_SCOPE, IntentPrediction, IntentRequest
from models.intent.dataset import load_corpus
from models.intent.model import Decision, IntentModel
from models.store import StoredModel
from models.text.normalise import normalise

EN, FR = "What is the balance of my savings account?", "Quel est le solde de mon livret ?"
STRANGE = "how do i grow tomatoes on a balcony in winter"
MIXED = (
    *(EN, FR, STRANGE, "hi", "I lost my card", "block it " * 40, "send 20 euros to Anna", "why was my card declined"),
    *("merci beaucoup", "\U0001f600", " ", "parler \u00e0 un conseiller", "what are your fees for paying abroad " * 20),
)
ODD = {
    "2,000 characters": "I would like to know my balance " * 62 + "x" * 16,
    "2,000 letters without a space": "a" * 2000,
    "2,000 Chinese characters": "\u4f60\u597d" * 1000,
    "emoji": "\U0001f600\U0001f4b3",
    "an emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "spaces": "   \t\n ",
    "a zero-width space": "\u200b",
    "NUL": "\x00",
    "NUL among words": "my\x00balance\x00",
    "a lone accent": "\u0301",
    "right to left": "\u0645\u0627 \u0647\u0648 \u0631\u0635\u064a\u062f\u064a",
    "digits": "12345",
    "marks of the tokenizer": "[CLS] [SEP] [PAD] [MASK]",
}


@pytest.fixture(scope="module")
def model(intent_model: StoredModel) -> IntentModel:
    return IntentModel.load(intent_model)


def ask(model: IntentModel, *queries: str, **fields: object) -> list[IntentPrediction]:
    return model.predict([IntentRequest.model_validate({"query": query, **fields}) for query in queries])


def confidences(answer: IntentPrediction) -> list[float]:
    return [score.confidence for score in answer.alternatives]


@pytest.mark.parametrize(
    ("name", "figure", "least"),
    [
        ("independent en", "accuracy", 0.93),
        ("independent fr", "accuracy", 0.90),
        ("everyday en", "accuracy", 0.93),
        ("everyday fr", "accuracy", 0.90),
        ("all", "accuracy", 0.85),
        ("all", "macro_f1", 0.84),
        ("all", "out_of_scope_auroc", 0.95),
        ("en", "out_of_scope_auroc", 0.95),
        ("fr", "out_of_scope_auroc", 0.95),
    ],
)
def test_it_is_good_enough(intent_model: StoredModel, name: str, figure: str, least: float):
    assert intent_model.metadata["metrics"][name][figure] >= least


@pytest.mark.parametrize("name", ["all", "en", "fr"])
def test_its_confidence_is_calibrated(intent_model: StoredModel, name: str):
    assert intent_model.metadata["metrics"][name]["ece"] <= 0.04


def test_it_beats_the_plain_baseline(intent_model: StoredModel):
    assert intent_model.metadata["metrics"]["all"]["accuracy"] > intent_model.metadata["ngram_baseline"] + 0.03


def test_its_labels_are_those_of_the_contract(intent_model: StoredModel, model: IntentModel):
    assert set(model.decision.intents) == set(intent_model.metadata["labels"]) == set(INTENTS)
    assert model.decision.outlier >= 0


def test_its_stored_figures_are_true(intent_model: StoredModel, model: IntentModel):
    test = [each for each in load_corpus() if (each.volume, each.language) == ("independent", "en")]
    answers = ask(model, *(each.text for each in test))
    right = np.mean([answer.intent == each.label for answer, each in zip(answers, test, strict=True)])
    assert right == pytest.approx(intent_model.metadata["metrics"]["independent en"]["answered"], abs=0.01)


@pytest.mark.parametrize(
    ("query", "intent"),
    [
        (EN, "check_balance"),
        (FR, "check_balance"),
        ("I lost my card, please block it", "card_lost_or_stolen"),
        ("on m'a vol\u00e9 ma carte bancaire", "card_lost_or_stolen"),
        ("transfer 200 euros to my landlord", "transfer_money"),
        ("Bonjour", "greeting"),
        ("let me speak to a real person", "talk_to_human"),
        (STRANGE, OUT_OF_SCOPE),
        ("raconte-moi une blague sur les chats", OUT_OF_SCOPE),
    ],
)
def test_what_nobody_could_mistake(model: IntentModel, query: str, intent: str):
    assert ask(model, query)[0].intent == intent


@pytest.mark.parametrize("variant", [str.upper, str.lower, "  {}  ".format, lambda text: text.replace(" ", "\u00a0")])
def test_case_and_spaces_change_no_answer(model: IntentModel, variant):
    plain, varied = ask(model, "Why was my card declined", variant("Why was my card declined"))
    assert plain == varied


def test_typographic_apostrophes_change_no_answer(model: IntentModel):
    plain, typographic = ask(model, "j'ai perdu ma carte", "j\u2019ai perdu ma carte")
    assert plain == typographic


def test_in_scope_the_answer_is_the_likeliest_intent(model: IntentModel):
    answer = ask(model, EN, top_k=10)[0]
    assert answer.in_scope
    assert answer.confidence >= max(confidences(answer))
    assert answer.intent not in {score.intent for score in answer.alternatives}


def test_out_of_scope_the_nearest_intents_are_told(model: IntentModel):
    answer = ask(model, STRANGE)[0]
    assert (answer.intent, answer.in_scope) == (OUT_OF_SCOPE, False)
    assert answer.confidence > model.decision.threshold
    assert len(answer.alternatives) == 3
    assert {score.intent for score in answer.alternatives} < set(INTENTS)


@pytest.mark.parametrize("query", MIXED)
def test_alternatives_are_in_order_and_each_but_once(model: IntentModel, query: str):
    answer = ask(model, query, top_k=10)[0]
    assert confidences(answer) == sorted(confidences(answer), reverse=True)
    assert len({score.intent for score in answer.alternatives}) == 10
    assert OUT_OF_SCOPE not in {score.intent for score in answer.alternatives}


@pytest.mark.parametrize("top_k", [1, 2, 5, 10])
@pytest.mark.parametrize("query", [EN, STRANGE])
def test_top_k_is_how_many_alternatives_there_are(model: IntentModel, query: str, top_k: int):
    short, longest = ask(model, query, top_k=top_k)[0], ask(model, query, top_k=10)[0]
    assert short.alternatives == longest.alternatives[:top_k]


def test_all_probabilities_sum_to_one(model: IntentModel):
    probabilities = model.probabilities([normalise(query) for query in MIXED])
    assert np.allclose(probabilities.intents.sum(1) + probabilities.out_of_scope, 1, atol=1e-5)
    assert (probabilities.intents >= 0).all()


def test_confidences_sum_to_one_at_most(model: IntentModel):
    for answer in ask(model, *MIXED, top_k=10):
        assert answer.confidence + sum(confidences(answer)) <= 1 + 1e-4


@pytest.mark.parametrize(("query", "language"), [(EN, "en"), (FR, "fr")])
def test_the_language_is_detected(model: IntentModel, query: str, language: str):
    assert ask(model, query)[0].language == language


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_language_that_was_given_is_kept(model: IntentModel, language: str):
    given_language, detected = ask(model, EN, language=language)[0], ask(model, EN)[0]
    assert given_language == detected.model_copy(update={"language": language})


def test_the_answer_names_the_model(model: IntentModel, intent_model: StoredModel):
    assert ask(model, EN)[0].model.model_dump() == {"name": "intent", "version": intent_model.version}


def near(ours: Sequence[IntentPrediction], theirs: Sequence[IntentPrediction], tolerance: float) -> None:
    for one, other in zip(ours, theirs, strict=True):
        assert one.intent == other.intent
        assert one.confidence == pytest.approx(other.confidence, abs=tolerance)
        assert confidences(one) == pytest.approx(confidences(other), abs=tolerance)


def test_a_batch_of_mixed_lengths_is_answered_as_one_by_one(model: IntentModel):
    near(ask(model, *MIXED), [ask(model, query)[0] for query in MIXED], 1e-5)


def test_company_in_a_batch_changes_no_answer(model: IntentModel):
    test = [each.text for each in load_corpus() if each.split == "test"][::40]
    near(ask(model, *test), [ask(model, query)[0] for query in test], 1e-5)


def test_the_order_of_a_batch_is_kept(model: IntentModel):
    forth, back = ask(model, *MIXED), ask(model, *reversed(MIXED))
    near(forth, back[::-1], 1e-5)


def test_the_same_query_has_the_same_answer_each_time(model: IntentModel):
    assert ask(model, EN) == ask(model, EN)


def test_nothing_asked_is_nothing_answered(model: IntentModel):
    assert model.predict([]) == []


@pytest.mark.parametrize("case", ODD)
def test_odd_text_is_answered(model: IntentModel, case: str):
    [answer] = ask(model, ODD[case])
    assert answer.intent in {*INTENTS, OUT_OF_SCOPE}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=4))
def test_any_text_is_answered(model: IntentModel, queries: list[str]):
    answers = ask(model, *queries)
    assert len(answers) == len(queries)
    assert all((answer.intent == OUT_OF_SCOPE) != answer.in_scope for answer in answers)


def test_what_comes_after_256_tokens_is_not_read(model: IntentModel):
    probabilities = [model.reader.read([f"{'balance ' * 300}{end}"]).logits for end in ("card", "loan")]
    assert np.array_equal(*probabilities)


def test_the_number_of_threads_changes_no_answer(model: IntentModel, intent_model: StoredModel):
    near(ask(IntentModel.load(intent_model, threads=2), *MIXED), ask(model, *MIXED), 1e-3)


def test_a_decision_is_read_as_it_was_written(tmp_path: Path):
    decision = Decision(("a", OUT_OF_SCOPE, "b"), 0.4, 0.7, 1.5, -0.2, 0.43, 256)
    decision.save(tmp_path / "decision.json")
    assert Decision.load(tmp_path / "decision.json") == decision


@pytest.mark.parametrize(
    ("labels", "outlier", "intents"),
    [(("a", OUT_OF_SCOPE, "b"), 1, ("a", "b")), (("a", "b"), -1, ("a", "b")), ((OUT_OF_SCOPE, "a"), 0, ("a",))],
)
def test_a_decision_knows_its_columns(labels: tuple[str, ...], outlier: int, intents: tuple[str, ...]):
    decision = Decision(labels, 0.4, 0.7, 1.5, -0.2, 0.43, 256)
    assert (decision.outlier, decision.intents) == (outlier, intents)
