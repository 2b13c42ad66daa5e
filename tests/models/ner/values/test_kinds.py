from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Language
from models.ner.contract import CATEGORIES
from models.ner.values.kinds import read_account, read_category


def category(span: str, language: Language = "en") -> str | None:
    found = read_category(span, language)
    return found.category if found else None


def account(span: str, language: Language = "en") -> str | None:
    found = read_account(span, language)
    return found.account if found else None


@pytest.mark.parametrize(
    ("span", "language", "kind"),
    [
        ("groceries", "en", "groceries"),
        ("weekly grocery shopping", "en", "groceries"),
        ("electricity", "en", "utilities"),
        ("transports", "fr", "transport"),
        ("le loyer", "fr", "rent"),
        ("RESTAURANTS", "fr", "restaurants"),
        ("\u00e9lectricit\u00e9", "fr", "utilities"),
        ("electricite", "fr", "utilities"),
        ("groceris", "en", "groceries"),
        ("restaurnats", "en", "restaurants"),
        ("courses", "fr", "groceries"),
        ("l'assurance auto", "fr", "insurance"),
        ("th\u00e9\u00e2tre", "fr", "entertainment"),
        ("landlord", "en", "rent"),
    ],
)
def test_kinds_of_spending(span: str, language: Language, kind: str):
    assert category(span, language) == kind


@pytest.mark.parametrize(
    ("span", "language", "kind"),
    [
        ("savings account", "en", "savings"),
        ("joint account", "en", "joint"),
        ("my current account", "en", "checking"),
        ("compte courant", "fr", "checking"),
        ("Livret A", "fr", "savings"),
        ("livret a", "fr", "savings"),
        ("compte joint", "fr", "joint"),
        ("compte pro", "fr", "business"),
        ("PEA", "fr", "investment"),
    ],
)
def test_kinds_of_accounts(span: str, language: Language, kind: str):
    assert account(span, language) == kind


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("span", ["", " ", "\x00", "zzzzqqqq", "\U0001f600", "?!"])
def test_what_is_like_no_kind_has_none(span: str, language: Language):
    assert category(span, language) is None
    assert account(span, language) is None


@given(st.text(max_size=80), st.sampled_from(["en", "fr"]))
def test_any_text_has_a_kind_of_the_contract_or_none(span: str, language: Language):
    assert category(span, language) in {None, *CATEGORIES}
    assert account(span, language) in {None, "checking", "savings", "joint", "credit", "business", "investment"}


def test_a_kind_is_found_among_many_words():
    assert category(f"{'xyzzy ' * 20}groceries{' xyzzy' * 20}") == "groceries"
