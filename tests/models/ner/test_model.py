"""What holds for every entity model, tried on one that is trained in a second."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.ner.contract import LABELS, AmountValue, NerPrediction, NerRequest, OffsetUnit
from models.ner.model import Decision, NerModel
from models.store import StoredModel
from tests.models.ner.examples import sentences
from tests.models.ner.texts import ANY_TEXT, CARD, IBAN, ODD

PLAIN = "send 50 euros to Paul tomorrow"
SENTENCE = "I paid $12.50 at Amazon yesterday. "
UNITS: tuple[OffsetUnit, ...] = ("codepoint", "utf16")
ANY_FIELDS = {
    "unit": st.sampled_from(UNITS),
    "language": st.sampled_from(["en", "fr", None]),
    "day": st.dates() | st.none(),
}
thorough = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def ask(model: NerModel, *texts: str, **fields: object) -> list[NerPrediction]:
    return model.predict([NerRequest.model_validate({"text": text, **fields}) for text in texts])


def cut(text: str, start: int, end: int, unit: str) -> str:
    """Return what a caller cuts out who counts in `unit`."""
    if unit == "codepoint":
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def check(answer: NerPrediction, text: str, unit: str = "codepoint") -> None:
    """The rules of the contract for spans."""
    for each in answer.entities:
        assert each.text
        assert each.text == cut(text, each.start, each.end, unit)
        assert each.label in LABELS
    assert all(one.end <= other.start for one, other in pairwise(answer.entities))


def spans(answer: NerPrediction) -> list[tuple[str, str]]:
    return [(each.label, each.text) for each in answer.entities]


def near(ours: NerPrediction, theirs: NerPrediction) -> None:
    assert [each.model_copy(update={"score": 0}) for each in ours.entities] == [
        each.model_copy(update={"score": 0}) for each in theirs.entities
    ]
    assert [each.score for each in ours.entities] == pytest.approx([each.score for each in theirs.entities], abs=1e-3)


def test_it_answers_what_it_was_trained_on(tiny: NerModel):
    answers = ask(tiny, *(each.text for each in sentences()))
    found = [[(each.label, each.start, each.end) for each in answer.entities] for answer in answers]
    wanted = [[(span.label, span.start, span.end) for span in each.spans] for each in sentences()]
    assert sum(one == other for one, other in zip(found, wanted, strict=True)) >= 0.95 * len(wanted)


def test_entities_have_their_values(tiny: NerModel):
    [answer] = ask(tiny, PLAIN, reference_date="2026-03-18")
    amount, person, date = answer.entities
    assert amount.value == AmountValue(amount="50", currency="EUR")
    assert person.value is not None
    assert person.value.model_dump() == {"name": "Paul"}
    assert date.value is not None
    assert date.value.model_dump(mode="json") == {"start": "2026-03-19", "end": "2026-03-19"}


def test_without_a_reference_date_today_is_meant(tiny: NerModel):
    before = dt.datetime.now(dt.UTC).date()
    [answer] = ask(tiny, PLAIN)
    after = dt.datetime.now(dt.UTC).date()
    assert answer.entities[-1].value is not None
    assert answer.entities[-1].value.model_dump()["start"] in {day + dt.timedelta(1) for day in (before, after)}


def test_patterns_find_what_the_network_was_never_taught(tiny: NerModel):
    [answer] = ask(tiny, f"my IBAN is {IBAN}, card {CARD}, write to paul@example.com or call +33 6 12 34 56 78")
    assert [each for each in spans(answer) if each[0] in ("IBAN", "CARD", "EMAIL", "PHONE")] == [
        *(("IBAN", IBAN), ("CARD", CARD), ("EMAIL", "paul@example.com"), ("PHONE", "+33 6 12 34 56 78"))
    ]


def test_the_answer_names_the_model(tiny: NerModel, tiny_model: StoredModel):
    assert ask(tiny, PLAIN)[0].model.model_dump() == {"name": "ner", "version": tiny_model.version}


def test_nothing_asked_is_nothing_answered(tiny: NerModel):
    assert tiny.predict([]) == []


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("case", ODD)
def test_odd_text_keeps_the_rules(tiny: NerModel, case: str, unit: str):
    text = ODD[case][:5000]
    for language in ("en", "fr"):
        check(ask(tiny, text, offset_unit=unit, language=language)[0], text, unit)


@thorough
@given(text=ANY_TEXT, **ANY_FIELDS)
def test_any_text_keeps_the_rules(tiny: NerModel, text: str, unit: str, language: str | None, day: dt.date | None):
    text = text[:5000]
    check(ask(tiny, text, offset_unit=unit, language=language, reference_date=day)[0], text, unit)


@thorough
@given(texts=st.lists(ANY_TEXT, min_size=2, max_size=5))
def test_any_batch_is_answered_as_one_by_one(tiny: NerModel, texts: list[str]):
    texts = [text[:5000] for text in texts]
    for together, text in zip(ask(tiny, *texts, reference_date="2026-03-18"), texts, strict=True):
        near(together, ask(tiny, text, reference_date="2026-03-18")[0])


def test_a_batch_of_mixed_lengths_is_answered_as_one_by_one(tiny: NerModel):
    texts = [PLAIN, SENTENCE * 100, "a", *(each.text for each in sentences()), SENTENCE * 5, "\x00", IBAN]
    for together, text in zip(ask(tiny, *texts), texts, strict=True):
        near(together, ask(tiny, text)[0])


def test_the_number_of_threads_changes_no_answer(tiny: NerModel, tiny_model: StoredModel):
    near(ask(NerModel.load(tiny_model, threads=2), SENTENCE * 20)[0], ask(tiny, SENTENCE * 20)[0])


def test_in_utf16_the_same_entities_stand_elsewhere(tiny: NerModel):
    text = f"\U0001f600\U0001f600 {PLAIN} \U0001f4b3 {SENTENCE}"
    plain, utf16 = (ask(tiny, text, offset_unit=unit)[0] for unit in UNITS)
    assert spans(plain) == spans(utf16)
    for one, other in zip(plain.entities, utf16.entities, strict=True):
        assert other.start - one.start == sum(ord(each) > 0xFFFF for each in text[: one.start])
    assert plain.entities[-1].start < utf16.entities[-1].start


def test_an_iban_at_every_place_of_a_long_text_is_found_once(tiny: NerModel):
    for place in range(0, 5000 - len(IBAN) - 2, 391):
        text = f"{'word ' * 1000}"[:place] + f" {IBAN} " + "word " * 5
        assert [each for each in spans(ask(tiny, text[:5000])[0]) if each[0] == "IBAN"] == [("IBAN", IBAN)]


def test_scores_are_probabilities_and_patterns_that_prove_themselves_are_certain(tiny: NerModel):
    [answer] = ask(tiny, f"{PLAIN} {IBAN}")
    assert all(0 < each.score <= 1 for each in answer.entities)
    assert answer.entities[-1].score == 1


def test_a_decision_is_read_as_it_was_written(tmp_path: Path):
    decision = Decision(("AMOUNT", "caf\u00e9"), -0.75, 1.5, -0.25)
    decision.save(tmp_path / "decision.json")
    assert Decision.load(tmp_path / "decision.json") == decision


@pytest.mark.parametrize(
    ("labels", "patterns"), [(("AMOUNT", "PERSON"), True), (LABELS, True), (("AMOUNT", "ORG"), False)]
)
def test_patterns_apply_where_the_labels_are_the_contracts(labels: tuple[str, ...], patterns: bool):
    assert Decision(labels, 0, 1, 0).patterns is patterns


def test_raw_scores_are_log_probabilities(tiny: NerModel):
    [found] = tiny.tagger([SENTENCE])
    assert (np.array([each.score for each in found]) <= 0).all()
