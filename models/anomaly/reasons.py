"""Why a transaction is strange: the features that stand out, in sentences with their numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.anomaly.countries import UNKNOWN_DISTANCE_KM
from models.anomaly.currencies import PER_EURO
from models.anomaly.features import Features
from models.anomaly.ledger import Ledger
from models.anomaly.population import PSEUDO, Population
from models.anomaly.values import Field

GROUPS: tuple[tuple[str, ...], ...] = (
    ("amount_overall", "amount_category", "amount_merchant"),
    ("amount_small",),
    ("burst_1h", "burst_24h", "burst_168h"),
    *(
        (name,)
        for name in (
            "new_currency",
            "new_merchant",
            "new_category",
            "new_channel",
            "new_country",
            "hour",
            "weekday",
            "pause",
            "duplicate",
            "round",
            "below_limit",
            "travel",
        )
    ),
)
"""Features that say the same thing: they make one reason together, named after the strongest of them."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_S, _HOUR_S, _MINUTE_S = 86400.0, 3600.0, 60.0


@dataclass(frozen=True)
class Transaction:
    """One transaction of a ledger with its features, to be spoken about."""

    ledger: Ledger
    row: int
    features: Features
    number: int
    population: Population

    def fact(self, name: str) -> float:
        return float(self.features.facts[name][self.number])

    def named(self, field: Field) -> str:
        return self.ledger.name(field, self.row) or f"no {field}"

    @property
    def currency(self) -> str:
        return self.named("currency").upper()

    @property
    def amount(self) -> str:
        return f"{abs(float(self.ledger.amount[self.row])):,.2f} {self.currency}"

    @property
    def income(self) -> bool:
        return bool(self.ledger.amount[self.row] > 0)

    def in_currency(self, euros: float) -> str:
        return f"{euros * PER_EURO.get(self.currency, 1.0):,.2f} {self.currency}"


def message(code: str, about: Transaction) -> str:
    """Return the sentence for a feature that stands out."""
    if code.startswith("amount_"):
        return _amount(code.removeprefix("amount_"), about)
    if code.startswith("new_"):
        return _new(code.removeprefix("new_"), about)
    if code.startswith("burst_"):
        return _burst(code, about)
    return _SENTENCES[code](about)


def _amount(level: str, about: Transaction) -> str:
    places = {
        "overall": "",
        "category": f" for {about.named('category')}",
        "merchant": f" at {about.named('merchant')}",
    }
    kind = "income" if about.income else "payments"
    if level == "small":
        level = next((each for each in ("merchant", "category") if about.fact(f"{each}_n") > 0), "overall")
    elif about.fact(f"{level}_n") == 0:
        level = "overall"
    if about.fact(f"{level}_n") == 0:
        usual = f"{_population(about)} is usual among all users, and you have no {kind} yet"
        return f"amount {about.amount} is unusual: {usual}"
    euros, typical = about.fact("euros"), about.fact(f"{level}_usual")
    low, high = about.fact(f"{level}_low"), about.fact(f"{level}_high")
    times = euros / max(typical, 0.01)
    much = f"{times:,.0f} times" if times >= 10 else f"{times:.1f} times" if times > 1 else "only"
    share = "" if times > 1 else f" {times:.0%} of"
    return (
        f"amount {about.amount} is {much}{share} your usual {about.in_currency(typical)}{places[level]}"
        f" (mostly {about.in_currency(low)} to {about.in_currency(high)}, {about.fact(f'{level}_n'):.0f} {kind})"
    )


def _population(about: Transaction) -> str:
    usual = about.population.amount_table(about.ledger.names["category"])[0]
    category = int(about.ledger.codes["category"][about.row])
    return about.in_currency(math.expm1(float(usual[category, int(about.income)])))


def _new(field: str, about: Transaction) -> str:
    many = {"currency": "currencies", "category": "categories", "country": "countries"}.get(field, f"{field}s")
    told, distinct = about.fact(f"{field}_told"), about.fact(f"{field}_distinct")
    value = about.named(field)  # type: ignore[arg-type]
    shown = value.upper() if field in ("currency", "country") else value
    before = f"{distinct:.0f} {many if distinct != 1 else field}"
    return f"{field} {shown} is new: your latest {told:,.0f} transactions were with {before}"


def _burst(code: str, about: Transaction) -> str:
    span = {"burst_1h": "an hour", "burst_24h": "24 hours", "burst_168h": "7 days"}[code]
    usual = about.fact(f"{code}_usual")
    beside = "" if math.isnan(usual) else f"; usually {max(usual, 1):,.0f}"
    return f"{about.fact(f'{code}_count'):,.0f} transactions within {span}{beside}"


def _hour(about: Transaction) -> str:
    at = (about.ledger.time[about.row] + about.ledger.offset[about.row]) % _DAY_S
    clock = f"{int(at // _HOUR_S):02}:{int(at % _HOUR_S // _MINUTE_S):02}"
    first, last = about.fact("hour_first"), about.fact("hour_last")
    whose = "of your transactions" if about.fact("hour_n") >= PSEUDO else "transactions"
    return f"{clock} is an unusual time: most {whose} come from {first:02.0f}:00 to {last:02.0f}:59"


def _weekday(about: Transaction) -> str:
    day = _DAYS[int((about.ledger.time[about.row] + about.ledger.offset[about.row]) // _DAY_S + 3) % 7]
    many, all_days = about.fact("weekday_n"), about.features.history[about.number]
    return f"{day} is an unusual day: {many:,.0f} of your {all_days:,} transactions came on one, 1 in 7 would be even"


def _pause(about: Transaction) -> str:
    usual = about.fact("pause_usual_s")
    beside = "" if math.isnan(usual) else f"; usually {_time(usual)}"
    return f"{_time(about.fact('pause_s'))} since the transaction before{beside}"


def _duplicate(about: Transaction) -> str:
    place = f" at {about.named('merchant')}" if about.ledger.name("merchant", about.row) else ""
    came = "came in" if about.income else "was paid"
    return f"amount {about.amount}{place} {came} already {_time(about.fact('duplicate_minutes') * 60)} before"


def _round(about: Transaction) -> str:
    many, like = about.fact("round_n"), about.fact("round_of")
    usual = f"as {many:,.0f} of your {like:,.0f} like ones were"
    if like == 0:
        usual = f"as {about.fact('round_usual'):.1%} are among all users, and you have no like ones yet"
    return f"amount {about.amount} is round, {usual}"


def _below_limit(about: Transaction) -> str:
    many, large = about.fact("below_limit_n"), about.fact("below_limit_of")
    return f"amount {about.amount} lies just below a round limit, as {many:,.0f} of your {large:,.0f} large ones did"


def _travel(about: Transaction) -> str:
    before = int(about.fact("travel_from"))
    here, there = about.named("country").upper(), (about.ledger.name("country", before) or "").upper()
    km, time = about.fact("travel_km"), _time(about.fact("travel_hours") * 3600)
    far = "" if km == UNKNOWN_DISTANCE_KM else f", about {round(km, -2):,.0f} km away,"
    return f"in {here} {time} after a transaction in {there}{far} is faster than travel allows"


def _time(seconds: float) -> str:
    for unit, name in ((_DAY_S, "day"), (_HOUR_S, "hour"), (_MINUTE_S, "minute")):
        if seconds >= 1.5 * unit or (name == "minute" and seconds >= 60):
            count = round(seconds / unit)
            return f"{count:,} {name}{'s' if count != 1 else ''}"
    return f"{max(seconds, 0):.0f} seconds"


_SENTENCES = {
    "hour": _hour,
    "weekday": _weekday,
    "pause": _pause,
    "duplicate": _duplicate,
    "round": _round,
    "below_limit": _below_limit,
    "travel": _travel,
}
