"""The value of a span, by its label."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from models.contract import Language
from models.ner.contract import NameValue, Value
from models.ner.values.amounts import read_amount, read_percent
from models.ner.values.dates import read_date
from models.ner.values.identifiers import read_card, read_email, read_iban, read_phone
from models.ner.values.kinds import read_account, read_category

_SINCE = re.compile(r"\b(?:since|depuis)(?:(?: the| le| la| les)?\s*| l')$", re.IGNORECASE)
_AHEAD_BEFORE = re.compile(
    r"\b(?:by|before|until|till|due|avant|d'ici|jusqu'au?|jusqu'en)(?: the| le| la| l')?\s*$", re.IGNORECASE
)
_AHEAD_WORDS = (
    "will 'll won't shall gonna schedule remind tomorrow next upcoming plan planning must pay send transfer move "
    "put book due forecast expect could cancel repay collect sera seront serai aura aurai rappelle rappelez "
    "programme planifie prevois prévois prévu prevu demain prochain prochaine dois devrai vais va allons vont "
    "faut faudra verse vire virer envoie envoyer transfère transfere transférer paye paie payer régler regler "
    "règle arrive attend échéance echeance partirai pars mettre mets envoyez versez payez réglez prélèvera "
    "viendra "
)
_AHEAD = re.compile(
    rf"\b(?:{'|'.join(_AHEAD_WORDS.split())}"
    r"|going to|want to|need to|have to|set up|can (?:i|you|we)|when (?:is|does|will)|à \w+er)\b",
    re.IGNORECASE,
)
_BEHIND_WORDS = (
    "did was were had spent paid bought sent got charged received took last ago yesterday since history past has "
    "withdrew went debited refused declined dated ai as avons avez ont étais etais était etait avais avait hier "
    "dernière derniere dernier passé passée depuis dépensé depense payé acheté reçu envoyé prélevé débité retiré "
    "spend spending "
)
_BEHIND = re.compile(rf"\b(?:{'|'.join(_BEHIND_WORDS.split())}|have (?:i|we|you)|how much|combien)\b", re.IGNORECASE)
_READ = frozenset(("AMOUNT", "PERCENT", "DATE", "CATEGORY", "ACCOUNT"))
_LONGEST = 200
"""Code points of the longest expression that is read: what is longer is no amount, date or kind."""
_DAY_FIRST = re.compile(r"[£€]|\b(?:pounds?|quid|gbp|euros?|eur|uk|london)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """What a value is read against: the whole text, its language, the day that `today` is."""

    text: str
    language: Language
    reference: dt.date

    @cached_property
    def day_first(self) -> bool:
        """Whether 12/03 is the 12th of March: in French, and in English by the money that is spoken of."""
        return self.language == "fr" or bool(_DAY_FIRST.search(self.text))

    def forward(self, start: int) -> bool:
        """Say whether the sentence looks ahead, so that a bare `Friday` at `start` is the coming one."""
        before = self.text[max(0, start - 24) : start]
        if _AHEAD_BEFORE.search(before):
            return True
        return self._looks_ahead

    @cached_property
    def _looks_ahead(self) -> bool:
        return bool(_AHEAD.search(self.text)) and not _BEHIND.search(self.text)


def resolve(label: str, start: int, end: int, sentence: Sentence) -> Value | None:
    """Return the value of the span from `start` to `end`, None where it has none."""
    if label in _READ and end - start > _LONGEST:
        return None
    span, language = sentence.text[start:end], sentence.language
    match label:
        case "AMOUNT":
            return read_amount(span, language)
        case "PERCENT":
            return read_percent(span, language)
        case "DATE":
            since = bool(_SINCE.search(sentence.text[max(0, start - 24) : start]))
            return read_date(span, language, sentence.reference, sentence.day_first, sentence.forward(start), since)
        case "CATEGORY":
            return read_category(span, language)
        case "ACCOUNT":
            return read_account(span, language)
        case "CARD":
            return read_card(span, language)
        case "IBAN":
            return read_iban(span)
        case "EMAIL":
            return read_email(span)
        case "PHONE":
            return read_phone(span)
        case "MERCHANT" | "PERSON" | "LOCATION":
            return NameValue(name=span)
        case _:
            return None
