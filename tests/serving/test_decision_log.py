from __future__ import annotations

import pytest

from serving.decision_log import DecisionLog


async def test_a_decision_is_kept_with_what_was_asked_and_answered():
    kept: list[tuple[str, ...]] = []

    async def append(rows: list[tuple[str, ...]]) -> None:
        kept.extend(rows)

    log = DecisionLog(append, lambda request, answer, request_id: (request, answer, request_id))
    await log.record("application", "approve")
    [(request, answer, request_id)] = kept
    assert (request, answer) == ("application", "approve")
    assert request_id


async def test_what_cannot_be_kept_is_not_answered():
    async def append(rows: list[str]) -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        await DecisionLog(append, lambda request, answer, request_id: request).record("application", "approve")
