"""The lists of expressions that carry their right values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from babel.numbers import list_currencies

from models.contract import Language
from models.ner.contract import CATEGORIES, AccountValue, CategoryValue
from models.ner.names import LISTS
from models.ner.values.amounts import read_amount
from models.ner.values.currencies import currency_words
from models.ner.values.dates import read_date
from models.ner.values.kinds import read_account, read_category
from models.ner.values.spelling import plain

LANGUAGES: tuple[Language, ...] = ("en", "fr")
KINDS = ("checking", "savings", "joint", "credit", "business", "investment")


def rows(name: str, language: str) -> Iterator[list[str]]:
    for line in (LISTS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if row[0][:2] == language:
            yield row


def demand(wrong: list[str], total: int, share: float = 0.98) -> None:
    told = f"{len(wrong)} of {total} are wrong:\n" + "\n".join(wrong)
    assert total > 200, told
    assert len(wrong) <= (1 - share) * total, told


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_have_their_first_and_last_day(language: Language):
    wrong, total = [], 0
    for tongue, expression, reference, start, end in rows("dates", language):
        found = read_date(expression, language, dt.date.fromisoformat(reference), tongue in ("fr", "en-GB"))
        total += 1
        if found is None or (found.start.isoformat(), found.end.isoformat()) != (start, end):
            wrong.append(f"{expression!r} on {reference}: {found}, not {start} to {end}")
    demand(wrong, total)


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_have_their_number_and_currency(language: Language):
    wrong, total = [], 0
    for _, expression, amount, currency in rows("amounts", language):
        found = read_amount(expression, language)
        total += 1
        if found is None or (Decimal(found.amount), found.currency or "-") != (Decimal(amount), currency):
            wrong.append(f"{expression!r}: {found}, not {amount} {currency}")
    demand(wrong, total)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_categories_are_read_as_they_are_listed_however_they_are_written(language: Language, written):
    listed = {plain(expression): kind for _, expression, kind in rows("categories", language)}
    wrong = [
        f"{expression!r}: {found}, not {listed[plain(expression)]}"
        for _, expression, _ in rows("categories", language)
        if (found := read_category(written(expression), language)) != CategoryValue(category=listed[plain(expression)])
    ]
    demand(wrong, len(listed), 0.99)


@pytest.mark.parametrize("language", LANGUAGES)
def test_accounts_are_read_as_they_are_listed(language: Language):
    listed = [(expression, kind) for _, expression, kind in rows("accounts", language)]
    wrong = [
        f"{expression!r}: {found}, not {kind}"
        for expression, kind in listed
        if (found := read_account(expression, language)) != AccountValue.model_construct(account=kind)
    ]
    demand(wrong, len(listed), 0.99)


@pytest.mark.parametrize(("name", "kinds"), [("categories", CATEGORIES), ("accounts", KINDS)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_listed_in_both_languages_and_no_other(name: str, kinds: tuple[str, ...], language: Language):
    assert {kind for _, _, kind in rows(name, language)} == set(kinds)


@pytest.mark.parametrize("name", ["categories", "accounts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_expression_means_two_kinds(name: str, language: Language):
    kinds: dict[str, set[str]] = {}
    for _, expression, kind in rows(name, language):
        kinds.setdefault(plain(expression), set()).add(kind)
    assert {expression: found for expression, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_currencies_are_those_of_iso_4217(language: Language):
    assert set(currency_words(language).values()) <= list_currencies()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_currencies_are_in_plain_spelling(language: Language):
    assert [word for word in currency_words(language) if word != plain(word) or not word] == []
