"""`python -m benchmarks.results`: RESULTS.md from what the last runs wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
_HEAD = """# How fast it is

Written by `make bench` (`make bench-quick` for a short look), which needs `wrk` (`apt-get install -y wrk`) and
installs the other servers in `.cache/`. Ratios are what counts: services are measured in turn, on one machine, with the
same graph and as many processes that predict. What is compared and how: results/serving_*.md.
"""
_SERVED_COLUMNS = ("callers", "service", "req/s", "p50 ms", "p99 ms", "errors")
_MIXED_COLUMNS = ("endpoint", "answers", "statuses", "p50 ms", "p99 ms", "p99 ms without forecasts")
_ENDPOINT_COLUMNS = ("endpoint", "what", "calls", "lost", "p50 ms", "p99 ms")
_OVERLOAD_COLUMNS = ("callers", "statuses", "p99 ms", "429: p50 ms", "429: p99 ms", "429 without retry-after")


def main() -> None:
    """Write the page; what was not measured is left out."""
    parts = [_HEAD]
    parts += [_served(model) for model in ("intent", "ner") if _exists(f"serving_{model}")]
    others = (("mixed", _mixed), ("overload", _overload), ("endpoints", _endpoints))
    parts += [make(_read(name)) for name, make in others if _exists(name)]
    parts.append((HERE / "costs.md").read_text(encoding="utf-8"))
    (HERE / "RESULTS.md").write_text("\n".join(parts), encoding="utf-8")
    print(HERE / "RESULTS.md")


def _exists(name: str) -> bool:
    return (RESULTS / f"{name}.json").exists()


def _read(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return record


def _served(model: str) -> str:
    record = _read(f"serving_{model}")
    titles = {each["key"]: each["title"] for each in record["contenders"]}
    rows = [
        (
            each["callers"],
            titles[each["contender"]],
            *(each[key] for key in ("per_second", "p50_ms", "p99_ms", "errors")),
        )
        for each in record["summary"]
    ]
    aims = "\n".join(_aim(aim["text"], f"{aim['reached']:g}", aim["met"]) for aim in record["aims"])
    machine = record["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores; {record['when']}, commit `{record['commit'][:10]}`"
    how = f"medians over rounds ({record['rounds']}), {record['others_share']:.0%} of the processor time went to others"
    return f"## `/v1/predict/{model}`\n\n{where}; {how}.\n\n{_table(_SERVED_COLUMNS, rows)}\n\n{aims}\n"


def _mixed(record: dict[str, Any]) -> str:
    alone = {each["endpoint"]: each for each in record["without_spending"]}
    rows = [
        (
            each["endpoint"],
            each["answers"],
            _counts(each["statuses"]),
            each["p50_ms"],
            each["p99_ms"],
            alone[each["endpoint"]]["p99_ms"] if each["endpoint"] in alone else "",
        )
        for each in record["mixed"]
    ]
    failed = sum(_failed(each["statuses"]) for each in record["mixed"])
    intent = next(each for each in record["mixed"] if each["endpoint"] == "intent")
    times = intent["p99_ms"] / alone["intent"]["p99_ms"]
    aims = [
        _aim("no errors", str(failed), failed == 0),
        _aim("p99 of intents at most 2 x what it is without forecasts", f"{times:.2f}", times <= 2),
    ]
    load = f"{record['callers']} callers, {record['seconds']:g} s; commit `{record['commit'][:10]}`."
    return f"## Five endpoints at once\n\n{load}\n\n{_table(_MIXED_COLUMNS, rows)}\n\n{_list(aims)}\n"


def _overload(record: dict[str, Any]) -> str:
    over, aside = record["without_room"], record["aside"]
    keys = ("p99_ms", "refused_p50_ms", "refused_p99_ms", "refused_without_retry_after")
    loads = [
        (callers, _counts(each["statuses"]), *(each[key] for key in keys))
        for callers, each in (
            *((each["callers"], each) for each in record["with_room"]),
            (over["callers"], over),
            (f"{aside['callers']} at the same time", aside),
        )
    ]
    lost = sum(_failed(each["statuses"]) for each in record["with_room"])
    others = sum(
        _failed({status: count for status, count in each["statuses"].items() if status != "429"})
        for each in (over, aside)
    )
    slowest, memory = max(record["slowest_ms"]), record["memory_mib"]
    aims = [
        _aim("no lost requests of up to 512 callers", str(lost), lost == 0),
        _aim("beyond that nothing but 200 and 429", str(others), others == 0),
        _aim("429 within 50 ms (p99)", f"{aside['refused_p99_ms']:g} ms", aside["refused_p99_ms"] <= 50),
        _aim("ready within 15 s of the start", f"{record['ready_s']:g} s", record["ready_s"] <= 15),
        _aim("memory of the whole service at most 1.5 GiB", f"{memory:g} MiB (PSS)", memory <= 1536),
        _aim("no pause above 50 ms: the slowest of them all", f"{slowest:g} ms", slowest <= 50),
    ]
    return (
        "## Many callers, many requests\n\nWho is answered 429 waits as long as `Retry-After` says. Callers of one line"
        " are in one process, which is late with thousands: how long an answer takes is for the few to say that are in"
        f" another. Commit `{record['commit'][:10]}`.\n\n{_table(_OVERLOAD_COLUMNS, loads)}\n\n"
        f"Then {record['requests']} requests of 64 callers for kept answers ({record['failed']} failed), a line a"
        f" process:\n\n![memory](results/memory.png)\n\n{_list(aims)}\n"
    )


def _endpoints(record: dict[str, Any]) -> str:
    keys = ("what", "calls", "lost", "p50_ms", "p99_ms")
    rows = [(name, *(each[key] for key in keys)) for name in ("spending", "credit_risk") for each in record[name]]
    (new, again, _), (decision,) = record["spending"], record["credit_risk"]
    lost = sum(each["lost"] for name in ("spending", "credit_risk") for each in record[name])
    plain, explained = record["rows_per_second"]["without reasons"], record["rows_per_second"]["with reasons"]
    aims = [
        _aim("nothing lost", str(lost), lost == 0),
        _aim("a new user with 36 months within 120 ms (p50)", f"{new['p50_ms']:g} ms", new["p50_ms"] <= 120),
        _aim("the same again within 10 ms (p50)", f"{again['p50_ms']:g} ms", again["p50_ms"] <= 10),
        _aim("a credit decision within 8 ms (p50)", f"{decision['p50_ms']:g} ms", decision["p50_ms"] <= 8),
        _aim("`score-applications`, 20,000 rows a second or more", f"{plain:,.0f}", plain >= 20_000),
        _aim("with `--reasons`, 2,000 rows a second or more", f"{explained:,.0f}", explained >= 2_000),
    ]
    return (
        f"## Forecasts and credit decisions\n\nCommit `{record['commit'][:10]}`; files of {record['applications']}"
        f" applications, without start and loading.\n\n{_table(_ENDPOINT_COLUMNS, rows)}\n\n{_list(aims)}\n"
    )


def _aim(text: str, reached: str, met: bool) -> str:
    return f"- {text}: {reached}, {'met' if met else '**missed**'}"


def _list(aims: Sequence[str]) -> str:
    return "\n".join(aims)


def _counts(statuses: Mapping[str, int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))


def _failed(statuses: Mapping[str, int]) -> int:
    return sum(count for status, count in statuses.items() if status != "200")


def _table(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    lines = [columns, ("--:",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    main()
