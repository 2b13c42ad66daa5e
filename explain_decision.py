"""The command `explain-decision REQUEST_ID`: what was decided, why, and that the model still says so to the digit."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from models import store as model_store
from models.credit_risk.contract import CreditRiskAnswer, CreditRiskPrediction, CreditRiskRequest, request_type
from models.credit_risk.dataset import values_of
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import Policy
from storage.decisions import Decision
from storage.failures import StoreUnavailable
from storage.settings import StorageSettings
from storage.store import Store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the decision is reproduced, 1 when it is not, 2 when it cannot be looked at."""
    parser = argparse.ArgumentParser(prog="explain-decision", description="Explain a credit decision from the log.")
    parser.add_argument("request_id", metavar="REQUEST_ID", help="the x-request-id of the answer")
    asked = parser.parse_args(arguments)
    error = Console(stderr=True)
    try:
        decision = asyncio.run(_find(asked.request_id))
        if decision is None:
            error.print(f"no decision with request id {asked.request_id!r} in the log", style="red", markup=False)
            return 2
        model = CreditRiskModel.load(model_store.load(decision.model))
    except (StoreUnavailable, model_store.ModelMissing, model_store.ModelDamaged) as problem:
        error.print(str(problem), style="red", markup=False, soft_wrap=True)
        return 2
    return 0 if explain(decision, model, Console(soft_wrap=True, highlight=False)) else 1


def explain(decision: Decision, model: CreditRiskModel, console: Console) -> bool:
    """Print a decision and how it comes about; return whether the model reproduces it."""
    given = CreditRiskAnswer.model_validate_json(decision.output)
    request = request_type(model.specification).model_validate_json(decision.input)
    [again] = model.predict([request], Policy.of(given.cutoffs))
    same = CreditRiskPrediction(**given.model_dump(exclude={"prediction_id"})) == again
    console.print(
        f"{decision.decided_at.isoformat()}  request {decision.request_id}  model {decision.model}", markup=False
    )
    console.print(f"input   {decision.input}", markup=False)
    console.print(f"answer  {decision.output}", markup=False)
    console.print(f"now     {again.model_dump_json()}", markup=False)
    console.print("reproduced to the digit" if same else "NOT reproduced", style="green" if same else "red")
    console.print(_contributions(model, request))
    return same


def _contributions(model: CreditRiskModel, request: CreditRiskRequest) -> Table:
    """Return a table of what each answer adds to the log-odds of default."""
    values = values_of([request], model.specification)
    [parts] = model.additive.contributions(values)
    table = Table("answer", "value", "adds to the log-odds", title="How it adds up")
    table.add_row("average application", "", f"{model.additive.baseline:+.6f}")
    for at in sorted(range(len(parts)), key=lambda at: -abs(parts[at])):
        feature = model.specification.inputs[at]
        answer = getattr(request, feature.name)
        table.add_row(feature.name, "left out" if answer is None else str(answer), f"{parts[at]:+.6f}")
    [total], [calibrated] = model.additive.log_odds(values), model.log_odds(values)
    table.add_row("sum", "", f"{total:+.6f}", style="bold")
    if calibrated != total:
        table.add_row("after the calibration curve", "", f"{calibrated:+.6f}", style="bold")
    return table


async def _find(request_id: str) -> Decision | None:
    store = Store(StorageSettings())
    try:
        return await store.find_decision(request_id)
    finally:
        await store.close()


if __name__ == "__main__":
    sys.exit(main())
