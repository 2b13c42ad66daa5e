"""Words of the calendar in English and French, in plain spelling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from dateutil.easter import easter

MONTHS = {
    **dict.fromkeys(("january", "jan", "janvier", "janv", "jan."), 1),
    **dict.fromkeys(("february", "feb", "febuary", "fevrier", "fevr", "fev"), 2),
    **dict.fromkeys(("march", "mar", "mars"), 3),
    **dict.fromkeys(("april", "apr", "avril", "avr"), 4),
    **dict.fromkeys(("may", "mai"), 5),
    **dict.fromkeys(("june", "jun", "juin"), 6),
    **dict.fromkeys(("july", "jul", "juillet", "juil", "jui", "juill"), 7),
    **dict.fromkeys(("august", "aug", "aout"), 8),
    **dict.fromkeys(("september", "sept", "sep", "septembre"), 9),
    **dict.fromkeys(("october", "oct", "octobre"), 10),
    **dict.fromkeys(("november", "nov", "novembre"), 11),
    **dict.fromkeys(("december", "dec", "decembre"), 12),
}

WEEKDAYS = {
    **dict.fromkeys(("monday", "mon", "lundi", "lun"), 0),
    **dict.fromkeys(("tuesday", "tues", "tue", "mardi"), 1),
    **dict.fromkeys(("wednesday", "weds", "wed", "mercredi", "mer"), 2),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu", "jeudi", "jeu"), 3),
    **dict.fromkeys(("friday", "fri", "vendredi", "ven"), 4),
    **dict.fromkeys(("saturday", "sat", "samedi", "sam"), 5),
    **dict.fromkeys(("sunday", "sun", "dimanche", "dim"), 6),
}

UNITS = {
    **dict.fromkeys(("day", "days", "jour", "jours"), "day"),
    **dict.fromkeys(("hour", "hours", "hrs", "heure", "heures"), "hour"),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "semaine", "semaines", "sem", "sem."), "week"),
    **dict.fromkeys(("fortnight", "fortnights", "quinzaine"), "fortnight"),
    **dict.fromkeys(("weekend", "weekends", "week end", "week ends", "wkend", "we", "fin de semaine"), "weekend"),
    **dict.fromkeys(("month", "months", "mth", "mths", "mois", "moi"), "month"),
    **dict.fromkeys(("quarter", "quarters", "trimestre", "trimestres"), "quarter"),
    **dict.fromkeys(("semester", "semesters", "semestre", "semestres", "half year"), "semester"),
    **dict.fromkeys(("year", "years", "yr", "yrs", "an", "ans", "annee", "annees"), "year"),
    **dict.fromkeys(("decade", "decades", "decennie", "decennies"), "decade"),
}

ORDINALS = {
    **dict.fromkeys(("first", "1st", "premier", "premiere", "1er", "1ere", "1e"), 1),
    **dict.fromkeys(("second", "2nd", "deuxieme", "seconde", "2e", "2eme", "2nde"), 2),
    **dict.fromkeys(("third", "3rd", "troisieme", "3e", "3eme"), 3),
    **dict.fromkeys(("fourth", "4th", "quatrieme", "4e", "4eme"), 4),
    **dict.fromkeys(("last", "final", "derniere", "dernier"), -1),
}

RELATIVE_DAYS = {
    **dict.fromkeys(
        ("today", "tonight", "aujourd'hui", "aujourdhui", "aujourd hui", "auj", "ajd", "ce jour", "now"), 0
    ),
    **dict.fromkeys(("this morning", "this afternoon", "this evening", "ce matin", "ce soir", "cet aprem"), 0),
    **dict.fromkeys(("cet apres midi", "ce midi", "cette nuit", "this lunchtime", "tonite"), 0),
    **dict.fromkeys(("yesterday", "last night", "hier", "yest", "yesturday", "yday", "la veille"), -1),
    **dict.fromkeys(("day before yesterday", "avant hier", "avanthier"), -2),
    **dict.fromkeys(("tomorrow", "tmrw", "tmr", "tomorow", "tommorow", "2moro", "demain"), 1),
    **dict.fromkeys(("day after tomorrow", "overmorrow", "apres demain"), 2),
}

SEASONS = {
    **dict.fromkeys(("spring", "printemps"), 3),
    **dict.fromkeys(("summer", "ete"), 6),
    **dict.fromkeys(("autumn", "fall", "automne"), 9),
    **dict.fromkeys(("winter", "hiver"), 12),
}
"""First month of each meteorological season; winter ends in the year after."""


def _fixed(month: int, day: int) -> Callable[[int], dt.date]:
    return lambda year: dt.date(year, month, day)


def _easter(days: int) -> Callable[[int], dt.date]:
    return lambda year: easter(year) + dt.timedelta(days)


def _nth(month: int, weekday: int, n: int, days: int = 0) -> Callable[[int], dt.date]:
    def of(year: int) -> dt.date:
        first = dt.date(year, month, 1)
        return first + dt.timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1) + days)

    return of


def _last_monday_of(month: int) -> Callable[[int], dt.date]:
    return lambda year: dt.date(year, month, 31) - dt.timedelta(dt.date(year, month, 31).weekday())


def _last_sunday_of_may(year: int) -> dt.date:
    end = dt.date(year, 5, 31)
    return end - dt.timedelta((end.weekday() - 6) % 7)


HOLIDAYS: dict[str, Callable[[int], dt.date]] = {
    **dict.fromkeys(("christmas", "christmas day", "xmas", "xmas day", "noel", "jour de noel"), _fixed(12, 25)),
    **dict.fromkeys(("christmas eve", "xmas eve", "reveillon de noel", "veille de noel"), _fixed(12, 24)),
    **dict.fromkeys(("boxing day", "lendemain de noel"), _fixed(12, 26)),
    **dict.fromkeys(("new year's eve", "new years eve", "nye", "saint sylvestre", "st sylvestre"), _fixed(12, 31)),
    **dict.fromkeys(("reveillon du jour de l'an", "reveillon du nouvel an"), _fixed(12, 31)),
    **dict.fromkeys(("new year", "new year's", "new years", "new year's day", "new years day"), _fixed(1, 1)),
    **dict.fromkeys(("nouvel an", "jour de l'an", "premier de l'an"), _fixed(1, 1)),
    **dict.fromkeys(("epiphany", "epiphanie"), _fixed(1, 6)),
    **dict.fromkeys(("chandeleur", "candlemas"), _fixed(2, 2)),
    **dict.fromkeys(("valentine's day", "valentine's", "valentines day", "valentines"), _fixed(2, 14)),
    **dict.fromkeys(("saint valentin", "st valentin"), _fixed(2, 14)),
    **dict.fromkeys(("st patrick's day", "saint patrick's day", "st patricks day", "saint patrick"), _fixed(3, 17)),
    **dict.fromkeys(("labour day", "may day", "fete du travail"), _fixed(5, 1)),
    **dict.fromkeys(("labor day",), _nth(9, 0, 1)),
    **dict.fromkeys(("armistice 1945", "victoire 1945"), _fixed(5, 8)),
    **dict.fromkeys(("fete de la musique",), _fixed(6, 21)),
    **dict.fromkeys(("saint jean baptiste", "st jean baptiste", "saint jean"), _fixed(6, 24)),
    **dict.fromkeys(("canada day", "fete du canada"), _fixed(7, 1)),
    **dict.fromkeys(("independence day", "fourth of july", "4th july"), _fixed(7, 4)),
    **dict.fromkeys(("bastille day", "fete nationale"), _fixed(7, 14)),
    **dict.fromkeys(("assumption", "assomption"), _fixed(8, 15)),
    **dict.fromkeys(("halloween",), _fixed(10, 31)),
    **dict.fromkeys(("all saints' day", "all saints day", "all saints", "toussaint"), _fixed(11, 1)),
    **dict.fromkeys(("guy fawkes night", "bonfire night"), _fixed(11, 5)),
    **dict.fromkeys(("armistice", "armistice day", "remembrance day", "veterans day"), _fixed(11, 11)),
    **dict.fromkeys(("saint nicolas", "st nicolas"), _fixed(12, 6)),
    **dict.fromkeys(("mlk day", "martin luther king day"), _nth(1, 0, 3)),
    **dict.fromkeys(("presidents day", "presidents' day"), _nth(2, 0, 3)),
    **dict.fromkeys(("mardi gras", "shrove tuesday", "pancake day"), _easter(-47)),
    **dict.fromkeys(("ash wednesday", "mercredi des cendres"), _easter(-46)),
    **dict.fromkeys(("good friday", "vendredi saint"), _easter(-2)),
    **dict.fromkeys(("easter", "easter sunday", "paques", "dimanche de paques"), _easter(0)),
    **dict.fromkeys(("easter monday", "lundi de paques"), _easter(1)),
    **dict.fromkeys(("ascension", "ascension day"), _easter(39)),
    **dict.fromkeys(("pentecost", "pentecote", "whit sunday"), _easter(49)),
    **dict.fromkeys(("whit monday", "lundi de pentecote"), _easter(50)),
    **dict.fromkeys(("mother's day", "mothers day"), _nth(5, 6, 2)),
    **dict.fromkeys(("fete des meres",), _last_sunday_of_may),
    **dict.fromkeys(("father's day", "fathers day", "fete des peres"), _nth(6, 6, 3)),
    **dict.fromkeys(("august bank holiday", "summer bank holiday"), _last_monday_of(8)),
    **dict.fromkeys(("late may bank holiday", "spring bank holiday", "memorial day"), _last_monday_of(5)),
    **dict.fromkeys(("thanksgiving", "thanksgiving day"), _nth(11, 3, 4)),
    **dict.fromkeys(("black friday",), _nth(11, 3, 4, 1)),
    **dict.fromkeys(("cyber monday",), _nth(11, 3, 4, 4)),
}
