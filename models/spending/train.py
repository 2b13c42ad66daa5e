"""Train the spending model: try every method, fit the policy and the profile, measure, save with the card."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markdown import Markdown

from models import store
from models.drift.profile import ReferenceProfile
from models.options import OptionError, option
from models.spending.card import summary_of, write_card
from models.spending.contract import NAME, SpendingHistory
from models.spending.data.examples import Example, examples
from models.spending.data.households import CURRENCY, household
from models.spending.dataset import DataError, digest, own_examples, read_csv
from models.spending.evaluate import Report, evaluate_groups
from models.spending.fit import fit_policy
from models.spending.model import SpendingModel
from models.spending.policy import Policy
from models.spending.profile import TOTAL, Profile, fit_profile
from models.spending.series import YEAR, Floats
from models.spending.tryout import Tried, try_out
from models.spending.watched import WATCHED
from models.store import StoredModel

_PROFILED = 400
_PROFILED_MONTHS = 48


@dataclass(frozen=True)
class Options:
    """What to train on and how."""

    data: Path | None = option(
        None, "CSV file with the columns user_id, month (2026-03) and amount; generated series when left out"
    )
    series: int = option(1600, "series to generate when there is no file")
    seed: int = option(0, "the same seed and data give the same model")

    def __post_init__(self) -> None:
        if self.series < 500:
            raise OptionError("--series must be at least 500")
        if self.seed < 0:
            raise OptionError("--seed must not be negative")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Train, and say what came of it."""
    stored = train(options)
    console = Console()
    console.print(f"saved {stored.tag}", style="bold", highlight=False)
    console.print(Markdown("\n".join(summary_of(stored))))
    console.print(f"model card and plot: {stored.path}", highlight=False, soft_wrap=True)


def train(options: Options) -> StoredModel:
    """Train and save a version of the spending model.

    Raises
    ------
    DataError: naming file and line of what is wrong with the data.
    """
    made, profile = _learned_from(options)
    tried = try_out(made, "trying every method")
    policy = fit_policy(tried)
    reports = evaluate_groups(policy, tried)
    metadata = _metadata(options, made, policy, reports)
    with tempfile.TemporaryDirectory(prefix="spending-") as scratch:
        folder = Path(scratch)
        policy.save(folder / "policy.json")
        profile.save(folder / "profile.json")
        _reference(SpendingModel(policy, profile, "new"), tried).save(folder)
        write_card(folder, reports, policy, tried, metadata)
        labels = {"data": "generated" if options.data is None else "custom"}
        return store.save(NAME, lambda target: _copy(folder, target), metadata, labels)


def _learned_from(options: Options) -> tuple[list[Example], Profile]:
    """Return the examples to fit the policy by, and the profile of their population."""
    if options.data is None:
        return examples(options.series, options.seed), fit_profile(_population(options.seed))
    histories = read_csv(options.data)
    made = own_examples(histories, options.data)
    return made, fit_profile({**_population(options.seed), TOTAL: list(histories.values())})


def _population(seed: int) -> Mapping[str, list[tuple[int, Floats]]]:
    """Return (first month, amounts) of generated households by category, and in total."""
    spent: dict[str, list[tuple[int, Floats]]] = defaultdict(list)
    for number in range(_PROFILED):
        home = household(np.random.default_rng([seed, 1, number]), _PROFILED_MONTHS)
        spent[TOTAL].append((home.start, home.total))
        for name, amounts in home.spent.items():
            spent[name].append((home.start, amounts))
    return spent


def _reference(model: SpendingModel, tried: Sequence[Tried]) -> ReferenceProfile:
    """Return what live traffic is compared with: the test examples and what is forecast of them."""
    test = [each for each in tried if each.example.split == "test"]
    histories = [
        SpendingHistory(
            user_id="-",
            currency=CURRENCY,
            start=each.example.start,
            amounts=tuple(each.example.history.tolist()),
            months=YEAR,
        )
        for each in test
    ]
    ahead = (model.combined(each.series, each.residuals, each.forecasts, YEAR) for each in test)
    predictions = [model.told(history, outlook) for history, outlook in zip(histories, ahead, strict=True)]
    return ReferenceProfile.fit(WATCHED.all(histories, predictions))


def _metadata(options: Options, made: Sequence[Example], policy: Policy, reports: Sequence[Report]) -> dict[str, Any]:
    """Return what the store records of how the model came to be."""
    return {
        "data": options.data.name if options.data else f"{len(made)} generated series, seed {options.seed}",
        "data_digest": digest(made),
        "splits": dict(Counter(each.split for each in made)),
        "currency": CURRENCY,
        "policy": [
            {key: value for key, value in asdict(each).items() if key not in ("lower", "upper")}
            for each in policy.regimes
        ],
        "metrics": {report.name: report.figures() for report in reports},
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
