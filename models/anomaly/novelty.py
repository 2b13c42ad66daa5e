"""Whether merchant, category, country, channel or currency are new, for a person to whom new ones come rarely."""

from __future__ import annotations

import numpy as np

from models.anomaly.derived import Derived
from models.anomaly.ledger import Bools
from models.anomaly.population import PSEUDO, Population, chance_of_new
from models.anomaly.values import FIELDS
from models.anomaly.window import Findings, Window


def novelty(
    window: Window, derived: Derived, population: Population, familiar: Bools | None
) -> tuple[Findings, Findings]:
    """Return strangeness by feature, and facts for reasons; each column is (m,).

    familiar: (m, fields) values that the person is known to have used before, besides those that the ledger tells.

    The surprise at a new value is minus the logarithm of the chance of one: the Good-Turing estimate (Good, 1953) of
    the person, drawn towards what the population's Pitman-Yor process expects. It is 0 for a value that was ever used,
    for none, and for a first transaction.
    """
    values, past, rows = derived.values, window.past, window.rows
    told = values.told[:, None, past] & window.mask
    mine = told & (values.before[:, None, past] < window.start[:, None])
    count, distinct = told.sum(axis=-1).astype(np.float64), mine.sum(axis=-1).astype(np.float64)
    once = (mine & (values.after[:, None, past] >= window.stop[:, None])).sum(axis=-1)
    usual = [population.new[field] for field in FIELDS]
    concentration = np.array([[each.concentration] for each in usual])
    expected = chance_of_new(count, distinct, concentration, np.array([[each.discount] for each in usual]))
    # Good and Turing: what came once so far tells how often something new comes, to this person.
    chance = (once + PSEUDO * expected) / (count + PSEUDO)
    new = values.told[:, rows] & (values.first[:, rows] >= window.stop)
    if familiar is not None:
        new &= ~familiar.T
    surprise = np.where(new & (count > 0), -np.log(np.maximum(chance, 1e-9)), 0.0)
    facts = {f"{field}_told": told for field, told in zip(FIELDS, count, strict=True)}
    facts |= {f"{field}_distinct": different for field, different in zip(FIELDS, distinct, strict=True)}
    return {f"new_{field}": strange for field, strange in zip(FIELDS, surprise, strict=True)}, facts
