"""Train the anomaly model: learn what is usual, what speaks for mischief, measure it, save it with its card."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markdown import Markdown
from threadpoolctl import threadpool_limits

from models import store
from models.anomaly.card import summary_of, write_card
from models.anomaly.contract import NAME
from models.anomaly.dataset import DataError, accounts_of, check_trainable, digest, join, read_csv
from models.anomaly.derived import derive
from models.anomaly.evaluate import report
from models.anomaly.features import FEATURES, compute_features
from models.anomaly.ledger import Columns
from models.anomaly.model import AnomalyModel
from models.anomaly.population import Population
from models.anomaly.reference import reference
from models.anomaly.rivals import rivals
from models.anomaly.sample import Sample, odd_sample, ordinary_rows, together
from models.anomaly.scoring import Scorer
from models.anomaly.world.accounts import accounts
from models.options import OptionError, option
from models.progress import progress_bar
from models.store import StoredModel

_ACCOUNTS = 140
_TEST_SHARE = 0.3
_ORDINARY, _ODD = 80, 20
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class Options:
    """What to train on and how."""

    data: Path | None = option(None, "CSV file, one transaction a row; generated accounts when left out")
    seed: int = option(0, "the same seed and data give the same model")

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**31:
            raise OptionError("--seed must be from 0 to 2147483647")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


@dataclass(frozen=True)
class Split:
    """Accounts to learn from and accounts to measure on."""

    fitted: Sequence[Columns]
    tested: Sequence[Columns]


def run(options: Options) -> None:
    """Train, and say what came of it."""
    stored = train(options)
    console = Console()
    console.print(f"saved {stored.tag}", style="bold", highlight=False)
    console.print(Markdown("\n".join(summary_of(stored))))
    console.print(f"model card and plots: {stored.path}", highlight=False, soft_wrap=True)


def train(options: Options) -> StoredModel:
    """Train and save a version of the anomaly model.

    Raises
    ------
    DataError: naming file, line and column of what is wrong with the data.
    """
    dice = np.random.default_rng(options.seed)
    split = _split(_accounts(options), dice)
    with threadpool_limits(1), tempfile.TemporaryDirectory(prefix="anomaly-") as scratch:
        folder = Path(scratch)
        with progress_bar("reading accounts", len(split.fitted) + len(split.tested)) as advance:
            ledger = join(split.fitted).ledger()
            population = Population.fit(ledger, derive(ledger))
            fitted = _sample(split.fitted, population, dice, advance)
            tested = _sample(split.tested, population, dice, advance)
        scorer = Scorer.fit(fitted.features.strange, fitted.features.history, fitted.odd, options.seed)
        population.save(folder / "population.json")
        scorer.save(folder / "scorer.npz")
        model = AnomalyModel.open(folder, "new")
        reference(model, split.tested, dice).save(folder)
        measured = report(model.scorer, tested, "test accounts", rivals(fitted, tested, options.seed))
        metadata = _metadata(options, split, fitted, tested)
        metadata["metrics"] = measured.figures()
        write_card(folder, measured, metadata)
        labels = {"data": "generated" if options.data is None else "custom"}
        return store.save(NAME, lambda target: _copy(folder, target), metadata, labels)


def _accounts(options: Options) -> list[Columns]:
    """Return accounts of ordinary transactions, as far as anybody knows."""
    if options.data is None:
        return list(accounts(_ACCOUNTS, options.seed))
    table = read_csv(options.data)
    check_trainable(table, options.data)
    return accounts_of(table.columns, ~table.anomaly)


def _split(accounts: list[Columns], dice: np.random.Generator) -> Split:
    order = dice.permutation(len(accounts)).tolist()
    count = max(1, round(_TEST_SHARE * len(accounts)))
    return Split([accounts[place] for place in order[count:]], [accounts[place] for place in order[:count]])


def _sample(accounts: Sequence[Columns], population: Population, dice: np.random.Generator, advance: Any) -> Sample:
    """Return ordinary transactions of the accounts, and mischief done to them."""
    ledger = join(accounts).ledger()
    each = max(3, min(_ORDINARY, _MOST_ROWS // len(accounts)))
    usual = compute_features(ledger, population, ordinary_rows(ledger, each, dice), derive(ledger))
    odd = odd_sample(accounts, population, max(1, each * _ODD // _ORDINARY), dice, advance)
    kind = np.concatenate([np.full(len(usual.history), "", dtype=odd.kind.dtype), odd.kind])
    return Sample(together([usual, odd.features]), kind)


def _metadata(options: Options, split: Split, fitted: Sample, tested: Sample) -> dict[str, Any]:
    """Return what the store records of how the model came to be."""
    return {
        "data": options.data.name if options.data else "generated accounts",
        "data_digest": digest(join([*split.fitted, *split.tested])),
        "seed": options.seed,
        "accounts": {"fitted": len(split.fitted), "tested": len(split.tested)},
        "transactions": sum(len(each.time) for each in (*split.fitted, *split.tested)),
        "ordinary": {"fitted": int((~fitted.odd).sum()), "tested": int((~tested.odd).sum())},
        "mischief": {"fitted": int(fitted.odd.sum()), "tested": int(tested.odd.sum())},
        "features": list(FEATURES),
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
