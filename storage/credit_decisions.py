"""What the log keeps of a credit decision."""

from __future__ import annotations

from datetime import UTC, datetime

from models.credit_risk.contract import CreditRiskAnswer, CreditRiskRequest
from storage.decisions import Decision


def decision_of(request: CreditRiskRequest, answer: CreditRiskAnswer, request_id: str) -> Decision:
    """Return the row for an answer that is about to be given."""
    return Decision(
        request_id=request_id,
        user_id=request.user_id,
        decided_at=datetime.now(UTC),
        model=f"{answer.model.name}:{answer.model.version}",
        input=request.model_dump_json(exclude={"user_id"}, exclude_none=True),
        output=answer.model_dump_json(),
    )
