"""`python -m benchmarks.gpu`: intents and entities on a CUDA device, in the model and through the service."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.contenders import OURS
from benchmarks.load import QUERIES, send, wrk_missing
from benchmarks.machine import describe_commit, describe_machine
from benchmarks.started import NotServing, started
from benchmarks.subject import SUBJECTS, Subject
from models import store
from models.device import cuda_visible
from models.store import StoredModel

RESULTS = Path(__file__).with_name("results")
CALLERS = (64, 512)
ON_THE_CARD = replace(
    OURS, key="gpu", title="this service, on the GPU", environment={"ML_CACHE_ENABLED": "false", "ML_DEVICE": "cuda"}
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    options = _parser().parse_args(arguments)
    if not cuda_visible():
        print("no CUDA device is visible to this process, or torch is missing: nothing is measured")
        return 0
    try:
        models = [(SUBJECTS[name], store.load(f"{name}:latest")) for name in options.models]
        record: dict[str, Any] = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": describe_commit(),
            "machine": describe_machine() | {"device": _device()},
            "seconds": options.seconds,
            "models": {subject.name: _measured(subject, stored, options.seconds) for subject, stored in models},
        }
        _write(record, options.out)
        if wrk_missing():
            print("wrk is not installed: the service is not measured")
        else:
            record["service"] = _served(models, options.seconds)
    except (store.ModelMissing, store.ModelDamaged, NotServing) as error:
        print(error, file=sys.stderr)
        return 1
    print(_write(record, options.out))
    return 0


def _device() -> str:
    import torch

    return f"{torch.cuda.get_device_name()}, torch {torch.__version__}, CUDA {torch.version.cuda}"


def _texts() -> list[str]:
    return [line for line in QUERIES.read_text(encoding="utf-8").splitlines() if line.strip()]


def _measured(subject: Subject, stored: StoredModel, seconds: int) -> dict[str, Any]:
    from benchmarks.gpu_network import measure

    lines = [
        asdict(line) | {"share_of_floor": line.share_of_floor} for line in measure(subject, stored, _texts(), seconds)
    ]
    return {"tag": stored.tag, "against_float32": _compared(subject, stored), "batches": lines}


def _compared(subject: Subject, stored: StoredModel) -> dict[str, float]:
    """Return how far bf16 on the card is from float32 on the CPU, over all of what the network returns."""
    import torch

    from benchmarks.gpu_network import network_of, opened, rows
    from models.text.tokenizer import pad

    network = network_of(subject).load(stored.path)
    read, pad_id = rows(subject, opened(subject, stored, "cuda"), _texts())
    inputs = [torch.from_numpy(part) for part in pad(read, pad_id)]
    with torch.inference_mode():
        exact = network(*inputs)[0].double()
        card = network.to("cuda", dtype=torch.bfloat16)(*(part.to("cuda") for part in inputs))[0].double().cpu()
    kept = inputs[1].bool() if exact.ndim == 3 else slice(None)
    exact, card = exact[kept].softmax(-1), card[kept].softmax(-1)
    return {
        "rows": len(exact),
        "same_best": round(float((exact.argmax(-1) == card.argmax(-1)).float().mean()), 5),
        "largest_difference": round(float((exact - card).abs().max()), 5),
        "mean_difference": round(float((exact - card).abs().mean()), 7),
    }


def _served(models: Sequence[tuple[Subject, StoredModel]], seconds: int) -> dict[str, Any]:
    """Return what the started service says of its device, and what callers get."""
    shared = {
        "BENTOML_DO_NOT_TRACK": "True",
        "ML_MODELS": json.dumps({subject.name: stored.tag for subject, stored in models}),
    }
    found: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as logs,
        started(ON_THE_CARD, models[0][0], shared, Path(logs) / "log") as service,
    ):
        root = service.url.removesuffix(models[0][0].route)
        for subject, _ in models:
            around = ON_THE_CARD.around(subject)
            found[subject.name] = {}
            for callers in CALLERS:
                send(root + subject.route, callers, 2, around)
                load = send(root + subject.route, callers, seconds, around)
                found[subject.name][str(callers)] = asdict(load) | {
                    "per_second": load.per_second,
                    "errors": load.errors,
                }
        found["health"] = httpx.get(f"{root}/health", timeout=10).json()
    return found


def _write(record: dict[str, Any], folder: Path) -> str:
    """Write both files and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gpu.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    page = _page(record)
    (folder / "gpu.md").write_text(page, encoding="utf-8")
    return page


def _page(record: dict[str, Any]) -> str:
    machine = record["machine"]
    lines = [
        "# Intents and entities on a CUDA device",
        "",
        f"Measured {record['when']} on one {machine['device']}; {machine['processor']}, {machine['cores']} cores;",
        f"commit `{record['commit']}`. `python -m benchmarks.gpu` repeats it. The weights run in bf16.",
        "",
        "| model | batch | items/s | p50 ms | p99 ms | network ms | the card's own ms | share of floor |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, model in record["models"].items():
        for each in model["batches"]:
            own = "-" if each["graph_ms"] is None else f"{each['graph_ms']:.2f}"
            lines.append(
                f"| {name} | {each['batch']} | {each['items_per_second']:,.0f} | {each['p50_ms']:.2f} |"
                f" {each['p99_ms']:.2f} | {each['network_ms']:.2f} | {own} | {each['share_of_floor']:.0%} |"
            )
    lines += [
        "",
        "From texts to answers in one process, other texts in each batch. *Network*: it alone, inputs on the device.",
        "*The card's own*: the same recorded as a CUDA graph. *Share of floor*: that time in the p50.",
        "",
        "| model | rows or tokens | same best label as float32 on the CPU | largest difference of a share | mean |",
        "|---|---|---|---|---|",
    ]
    for name, model in record["models"].items():
        each = model["against_float32"]
        lines.append(
            f"| {name} | {each['rows']} | {each['same_best']:.2%} | {each['largest_difference']} |"
            f" {each['mean_difference']} |"
        )
    if "service" in record:
        devices = {each["name"]: each.get("device") for each in record["service"]["health"]["models"]}
        lines += [
            "",
            "Through `bentoml serve`, `ML_DEVICE=cuda`; answers not kept, runners in their own processes. `/health`:",
            ", ".join(f"{name} on {device}" for name, device in devices.items() if device) + ".",
            "",
            "| endpoint | callers | requests/s | p50 ms | p99 ms | errors |",
            "|---|---|---|---|---|---|",
        ]
        for name in record["models"]:
            for callers, load in record["service"][name].items():
                lines.append(
                    f"| {name} | {callers} | {load['per_second']:,.0f} | {load['p50_ms']:.1f} | {load['p99_ms']:.1f} |"
                    f" {load['errors']} |"
                )
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument(
        "--models", nargs="+", default=list(SUBJECTS), choices=SUBJECTS, help="whose runner is measured"
    )
    parser.add_argument("--seconds", type=int, default=8, help="length of a measurement (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results (benchmarks/results)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
