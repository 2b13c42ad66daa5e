from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from models.contract import Refusal
from runners.batch import answer_batch

REFUSAL = Refusal(code="internal_error", message="This item could not be processed.")


class Halver:
    """Halves even numbers; a batch with an odd one in it fails."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, items: Sequence[int]) -> list[float]:
        self.batches.append(list(items))
        if any(item % 2 for item in items):
            raise ValueError(f"secret of {items}")
        return [item / 2 for item in items]


def counted(name: str, model: str) -> float:
    return REGISTRY.get_sample_value(name, {"model": model}) or 0.0


def test_a_sound_batch_is_answered_at_once():
    halve = Halver()
    assert answer_batch("test", [2, 4, 6], halve) == [1, 2, 3]
    assert halve.batches == [[2, 4, 6]]


def test_a_bad_item_fails_alone():
    assert answer_batch("test", [2, 3, 6], Halver()) == [1, REFUSAL, 3]


def test_a_bad_item_by_itself_is_not_asked_again():
    halve = Halver()
    assert answer_batch("test", [3], halve) == [REFUSAL]
    assert halve.batches == [[3]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(st.integers(), min_size=1, max_size=20))
def test_answers_are_in_the_order_of_the_items(items: list[int], caplog: pytest.LogCaptureFixture):
    caplog.clear()
    expected = [REFUSAL if item % 2 else item / 2 for item in items]
    assert answer_batch("test", items, Halver()) == expected


def test_a_refusal_says_nothing_of_the_item():
    [refusal] = answer_batch("test", [3], Halver())
    assert isinstance(refusal, Refusal)
    assert "secret" not in refusal.message


def test_a_refusal_is_logged_with_its_cause(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        answer_batch("test", [2, 3], Halver())
    [record] = caplog.records
    assert record.getMessage() == "item refused"
    assert record.exc_info is not None
    assert record.exc_info[0] is ValueError


def test_refused_items_are_counted():
    before = counted("ml_batch_items_refused_total", "counted")
    answer_batch("counted", [2, 3, 5], Halver())
    assert counted("ml_batch_items_refused_total", "counted") == before + 2


def test_batches_and_their_items_are_counted_once():
    answer_batch("sized", [2, 3, 5], Halver())
    answer_batch("sized", [2], Halver())
    assert counted("ml_batch_size_count", "sized") == 2
    assert counted("ml_batch_size_sum", "sized") == 4


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_process_is_no_refusal(error: type[BaseException]):
    def stop(items: Sequence[int]) -> list[int]:
        raise error

    with pytest.raises(error):
        answer_batch("test", [1, 2], stop)
