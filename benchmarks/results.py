"""`python -m benchmarks.results`: RESULTS.md from what the last runs wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
_HEAD = """# How fast it is

Written by `make bench` (`make bench-quick` for a short look), which needs `wrk` (`apt-get install -y wrk`) and
installs the other servers in `.cache/`. Ratios are what counts: services are measured in turn, on one machine, with the
same graph and as many processes that predict. What is compared and how: [intents](results/serving_intent.md),
[entities](results/serving_ner.md).
"""


def main() -> None:
    """Write the page; what was not measured is left out."""
    parts = [_HEAD]
    parts += [_served(model) for model in ("intent", "ner") if (RESULTS / f"serving_{model}.json").exists()]
    parts += [make(_read(name)) for name, make in (("mixed", _mixed), ("overload", _overload)) if _exists(name)]
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
    aims = "\n".join(
        f"- {aim['text']}: {aim['reached']:g}, {'met' if aim['met'] else '**missed**'}" for aim in record["aims"]
    )
    machine = record["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores; {record['when']}, commit `{record['commit'][:10]}`"
    note = f"{record['others_share']:.0%} of the processor time went to others."
    table = _table(("callers", "service", "req/s", "p50 ms", "p99 ms", "errors"), rows)
    return f"## `/v1/predict/{model}`\n\n{where}. {note}\n\n{table}\n\n{aims}\n"


def _mixed(record: dict[str, Any]) -> str:
    alone = {each["endpoint"]: each for each in record["without_spending"]}
    rows = [
        (
            each["endpoint"],
            each["answers"],
            json.dumps(each["statuses"]).strip("{}").replace('"', ""),
            each["p50_ms"],
            each["p99_ms"],
            alone[each["endpoint"]]["p99_ms"] if each["endpoint"] in alone else "",
        )
        for each in record["mixed"]
    ]
    columns = ("endpoint", "answers", "statuses", "p50 ms", "p99 ms", "p99 ms without forecasts")
    load = f"{record['callers']} callers, {record['seconds']:g} s."
    return f"## Five endpoints at once\n\n{load}\n\n{_table(columns, rows)}\n"


def _overload(record: dict[str, Any]) -> str:
    loads = [*record["with_room"], record["without_room"]]
    columns = ("callers", "statuses", "p99 ms", "429: p50 ms", "429: p99 ms", "429 without retry-after")
    keys = ("p99_ms", "refused_p50_ms", "refused_p99_ms", "refused_without_retry_after")
    rows = [
        (each["callers"], json.dumps(each["statuses"]).strip("{}").replace('"', ""), *(each[key] for key in keys))
        for each in loads
    ]
    return (
        f"## Many callers, many requests\n\nReady after {record['ready_s']:g} s; memory of the whole service after the"
        f" load {record['memory_mib']:g} MiB.\n\n{_table(columns, rows)}\n\n"
        f"Over {record['requests']} requests, a line a process:\n\n![memory](results/memory.png)\n"
    )


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [columns, ("--:",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    main()
