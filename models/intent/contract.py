"""Requests and answers of the intent model. A leaf: imports pydantic and the shared contract only."""

from __future__ import annotations

from pydantic import Field

from models.contract import Answer, Language, ModelRef, Probability, Record, Request, WholeNumber

NAME = "intent"
OUT_OF_SCOPE = "out_of_scope"

INTENTS: tuple[str, ...] = (
    "check_balance",
    "transaction_history",
    "spending_summary",
    "spending_forecast",
    "budget_status",
    "set_budget",
    "transfer_money",
    "pay_bill",
    "scheduled_payments",
    "cancel_subscription",
    "card_lost_or_stolen",
    "card_declined",
    "activate_card",
    "dispute_transaction",
    "report_fraud",
    "refund_status",
    "exchange_rate",
    "fees_and_charges",
    "interest_rate",
    "loan_application",
    "loan_status",
    "credit_score",
    "savings_goal",
    "investment_advice",
    "open_account",
    "close_account",
    "update_personal_details",
    "branch_or_atm_locator",
    "talk_to_human",
    "greeting",
    "thanks_goodbye",
)


class IntentRequest(Request):
    """One query of one user."""

    query: str = Field(
        min_length=1, max_length=2000, description="What the user wrote or said.", examples=["What is my balance?"]
    )
    user_id: str | None = Field(
        default=None, min_length=1, max_length=256, description="Only for the caller's own logs; never logged in clear."
    )
    top_k: WholeNumber = Field(default=3, ge=1, le=10, description="How many alternatives to answer at most.")
    language: Language | None = Field(default=None, description="The query's language; detected when left out.")


class IntentScore(Record):
    """An intent and how probable it is."""

    intent: str
    confidence: Probability


class IntentPrediction(Record):
    """What the runner answers for one query."""

    intent: str = Field(description="The intent, or `out_of_scope`.")
    confidence: Probability = Field(description="Calibrated: of the answers with 0.8, about 80 % are right.")
    alternatives: list[IntentScore] = Field(
        description="The next best intents, best first; the nearest when out of scope."
    )
    in_scope: bool
    language: Language
    model: ModelRef


class IntentAnswer(IntentPrediction, Answer):
    """The answer of `POST /v1/predict/intent`."""
