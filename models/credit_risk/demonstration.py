"""Loan applications that were never made, drawn from a story of why loans are not repaid.

The story, cause before effect:

1. A person has an age. Older people have worked and borrowed for longer.
2. A person has *means* (earning power) and *prudence* (living within them); neither is observed. Means grow with time
   in work. Prudence has nothing to do with age or means.
3. Income follows means. Debts, used credit limits, inquiries and late payments follow want of prudence, and debts weigh
   more on small incomes. Who was late once is late again, and longer.
4. The loan asked for follows income and purpose. What it adds to the debts is the *strain* of repaying it.
5. After the loan is paid out life goes on: some lose work (the sooner, the newer the job), some fall ill or part. A
   default is strain and misfortune beyond what prudence has put by. Lateness of the past tells of prudence, and adds to
   the risk by itself, for fees and damaged credit shut other ways out.
6. Some leave optional questions open, for reasons of the form and not of the loan.

Age acts on default only through what it brings along (income, history, time in work).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from models.credit_risk.dataset import Floats, Portfolio
from models.credit_risk.specification import load_specification

ROWS = 16_000
DEFAULT_RATE = 0.12
_YEARLY_INTEREST = 0.08
_SILENCE = {
    "purpose": 0.02,
    "employment_years": 0.08,
    "housing": 0.03,
    "debt_to_income": 0.12,
    "existing_loans": 0.04,
    "open_credit_lines": 0.06,
    "revolving_utilisation": 0.1,
    "delinquencies_2y": 0.04,
    "worst_delinquency_days": 0.06,
    "credit_history_years": 0.05,
    "inquiries_6m": 0.05,
    "age": 0.03,
}
"""Share of applications that leave each optional answer out."""


@dataclass(frozen=True)
class Demonstration:
    """Applications with outcomes, and the probability (n,) with which each outcome was drawn."""

    portfolio: Portfolio
    truth: Floats


def demonstrate(seed: int, rows: int = ROWS) -> Demonstration:
    """Return applications by the story above; the default rate is 12 % on average."""
    draw = np.random.default_rng(seed)
    columns, prudence = _people(draw, rows)
    columns |= _loans(draw, columns["income"], prudence)
    risk = _risk(columns, prudence, draw)
    level = brentq(lambda shift: float(expit(risk + shift).mean()) - DEFAULT_RATE, -20, 20)
    truth: Floats = expit(risk + level)
    bad = draw.random(rows) < truth
    for name, share in _SILENCE.items():
        columns[name] = np.where(draw.random(rows) < share, np.nan, columns[name])
    specification = load_specification()
    ordered = {feature.name: columns[feature.name] for feature in specification.features}
    return Demonstration(Portfolio(specification, ordered, bad), truth)


def _people(draw: np.random.Generator, n: int) -> tuple[dict[str, Floats], Floats]:
    """Return what is known of people, and the prudence that is not."""
    age = np.clip(19 + draw.gamma(3.2, 7.5, n), 19, 85).round()
    working = np.clip(age - draw.normal(21, 2.5, n), 0, None)
    prudence = draw.normal(0, 1, n)
    means = 0.45 * np.log1p(working / 6) + draw.normal(0, 0.42, n)
    income = np.clip(np.exp(9.75 + means), 3_000, 400_000).round(-2)
    employment = np.minimum(working, draw.exponential(5.5 + 0.8 * prudence.clip(-2, 2), n)).round(1)
    history = np.clip(working * draw.beta(5, 2, n), 0, None).round(1)
    lines = draw.poisson(np.clip(1.2 + 0.13 * history + 0.4 * means, 0.1, None))
    used = np.where(lines == 0, 0.0, expit(-0.7 - 0.95 * prudence + draw.normal(0, 0.9, n))).round(3)
    late = draw.poisson(np.exp(np.clip(-1.9 - 0.95 * prudence + 0.3 * draw.normal(0, 1, n), -8, 2.5)))
    days = np.where(late == 0, 0, np.clip(30 + draw.gamma(1.1, 18 * (1 + 0.35 * late)), 30, 720)).round()
    inquiries = draw.poisson(np.exp(-0.35 - 0.4 * prudence))
    loans = draw.poisson(np.exp(-0.15 - 0.3 * prudence + 0.15 * means))
    debts = np.exp(-2.05 + 0.33 * np.log1p(loans) - 0.3 * prudence - 0.25 * means + draw.normal(0, 0.45, n))
    owns = expit(-1.9 + 0.05 * (age - 30) + 1.1 * means)
    housing = np.select(
        [draw.random(n) < owns * 0.45, draw.random(n) < owns, draw.random(n) < 0.82, draw.random(n) < 0.8],
        [0, 1, 2, 3],
        default=4,
    )
    known: dict[str, Floats] = {
        "income": income,
        "employment_years": employment,
        "housing": housing.astype(np.float64),
        "debt_to_income": np.clip(debts, 0, 3).round(3),
        "existing_loans": loans.astype(np.float64),
        "open_credit_lines": lines.astype(np.float64),
        "revolving_utilisation": used,
        "delinquencies_2y": late.astype(np.float64),
        "worst_delinquency_days": days,
        "credit_history_years": history,
        "inquiries_6m": inquiries.astype(np.float64),
        "age": age,
    }
    return known, prudence


def _loans(draw: np.random.Generator, income: Floats, prudence: Floats) -> dict[str, Floats]:
    """Return purpose, amount and term: what people with this income ask for."""
    n = len(income)
    purposes = np.array([0.27, 0.2, 0.19, 0.07, 0.05, 0.04, 0.06, 0.05, 0.07])
    size = np.array([0.2, 0.25, 0.1, 0.0, -0.6, 0.0, -0.7, 0.45, -0.3])
    purpose = draw.choice(len(purposes), n, p=purposes)
    amount = np.exp(np.log(income) - 1.35 + size[purpose] - 0.12 * prudence + draw.normal(0, 0.55, n))
    wanted = 12 * np.exp(0.75 + 0.35 * np.log(amount / 8_000) + draw.normal(0, 0.4, n))
    terms = np.array([6, 12, 18, 24, 36, 48, 60, 72, 84, 96, 120])
    return {
        "loan_amount": np.clip(amount, 500, 150_000).round(-2),
        "term_months": terms[np.abs(terms - wanted[:, None]).argmin(1)].astype(np.float64),
        "purpose": purpose.astype(np.float64),
    }


def _risk(columns: dict[str, Floats], prudence: Floats, draw: np.random.Generator) -> Floats:
    """Return the log-odds of default, up to a constant: strain and misfortune against prudence."""
    monthly = _YEARLY_INTEREST / 12
    payment = columns["loan_amount"] * monthly / (1 - (1 + monthly) ** -columns["term_months"])
    strain = columns["debt_to_income"] + payment / (columns["income"] / 12)
    exposed = 0.05 * np.sqrt(columns["term_months"])  # a longer loan sees more of life
    misfortune = 0.9 * np.exp(-columns["employment_years"] / 3) + draw.normal(0, 0.5, len(strain))
    by_purpose = np.array([-0.15, -0.25, 0.2, 0.05, 0.25, 0.0, 0.2, 0.45, 0.0])[columns["purpose"].astype(np.intp)]
    by_housing = np.array([-0.3, -0.15, 0.15, 0.05, 0.2])[columns["housing"].astype(np.intp)]
    damage = 0.45 * np.sqrt(columns["delinquencies_2y"]) + 0.006 * np.minimum(columns["worst_delinquency_days"], 180)
    risk: Floats = (
        3.2 * np.tanh(1.4 * strain)
        + exposed
        + misfortune
        + damage
        + by_purpose
        + by_housing
        + 1.1 * columns["revolving_utilisation"] * (1 + 0.6 * (strain > 0.4))
        + 0.12 * columns["inquiries_6m"]
        - 0.35 * np.log1p(columns["credit_history_years"])
        - 0.3 * np.log(columns["income"] / 30_000)
        - 0.75 * prudence
    )
    return risk
