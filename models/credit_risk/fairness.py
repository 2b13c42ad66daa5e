"""How the decisions fall on groups of people by answers that the model does not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.credit_risk.dataset import Portfolio
from models.credit_risk.grid import Floats
from models.credit_risk.policy import Policy
from models.credit_risk.specification import Feature

_FEWEST = 20
"""Members below which nothing is said of a group."""


@dataclass(frozen=True)
class Group:
    """One group.

    Attributes
    ----------
    approved: share that is approved. refused_good: share of those who repaid that is not approved, None if nobody did.
    predicted, observed: mean probability of default, and the share that defaulted.
    """

    name: str
    n: int
    approved: float
    refused_good: float | None
    predicted: float
    observed: float


@dataclass(frozen=True)
class Fairness:
    """The groups of one protected answer."""

    feature: str
    groups: tuple[Group, ...]

    @property
    def approval_ratio(self) -> float:
        """Lowest approval rate over the highest; below 0.8 the four-fifths rule looks closer (29 CFR 1607.4 D)."""
        rates = [group.approved for group in self.groups]
        return min(rates) / max(rates) if max(rates) > 0 else 1.0

    @property
    def refusal_gap(self) -> float:
        """Highest less lowest share of those who repaid that is not approved. Hardt et al., NeurIPS 2016."""
        shares = [group.refused_good for group in self.groups if group.refused_good is not None]
        return max(shares) - min(shares) if shares else 0.0


def fairness(portfolio: Portfolio, probabilities: Floats, policy: Policy) -> Iterator[Fairness]:
    """Yield the report of each protected answer in a portfolio with outcomes."""
    approved = np.array([policy.decision(each) == "approve" for each in probabilities.tolist()])
    for feature in portfolio.specification.protected:
        groups = []
        for name, inside in _groups(feature, portfolio.columns[feature.name]):
            if inside.sum() < _FEWEST:
                continue
            repaid = inside & ~portfolio.bad
            groups.append(
                Group(
                    name=name,
                    n=int(inside.sum()),
                    approved=float(approved[inside].mean()),
                    refused_good=float((~approved[repaid]).mean()) if repaid.any() else None,
                    predicted=float(probabilities[inside].mean()),
                    observed=float(portfolio.bad[inside].mean()),
                )
            )
        if groups:
            yield Fairness(feature.name, tuple(groups))


def _groups(feature: Feature, values: Floats) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Yield the name and the members of each group; nobody who left the answer out is in one."""
    if feature.categories:
        for place, (name, text) in enumerate(feature.categories.items()):
            yield (name if name == text else f"{name} ({text})"), values == place
        return
    if feature.kind == "flag":
        yield "no", values == 0
        yield "yes", values == 1
        return
    edges = [-np.inf, *(feature.groups or np.nanquantile(values, [0.25, 0.5, 0.75]).tolist()), np.inf]
    for low, high in pairwise(edges):
        name = f"below {high:g}" if low == -np.inf else f"from {low:g}" if high == np.inf else f"{low:g} to {high:g}"
        yield name, (values >= low) & (values < high)
