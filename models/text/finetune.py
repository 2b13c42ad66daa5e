"""Fine-tune a text network on a CPU or a GPU, in batches of like length."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.progress import progress_bar
from models.text.batches import shuffled_batches
from models.text.checkpoint import Checkpoint
from models.text.tokenizer import TokenIds, pad


@dataclass(frozen=True)
class FineTuning:
    """How to fine-tune; the defaults suit small encoders and some thousand texts.

    Learning rates rise over the first `warmup` share of the steps, then fall to zero in a straight line. Dropout inside
    the encoder costs a fifth of a step on a CPU; where label smoothing does its work, it may be 0. `unread` is a share
    of pieces, others at each step, that are hidden from the network, lest it hang on single words; that costs nothing.
    """

    epochs: float = 3.0
    batch_size: int = 32
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    clip_norm: float = 1.0
    dropout: float = 0.0
    unread: float = 0.0
    seed: int = 0


def finetune(
    network: nn.Module,
    rows: Sequence[TokenIds],
    pad_id: int,
    loss: Callable[[tuple[Tensor, ...], list[int]], Tensor],
    options: FineTuning,
    wanted: bytes,
    embeddings: nn.Embedding | None = None,
    unknown_id: int = 0,
) -> Checkpoint:
    """Train a network in place, in batches of `rows` as `pad` makes them.

    Interrupted and called again with the same network, data and options, it goes on where it was, and on a CPU ends
    with the weights that it would have had. The state that it returns is to be removed once the model is saved.

    Parameters
    ----------
    loss: takes the network's outputs for a batch and the indices of its rows.
    wanted: what the loss compares them with, to know the training again.
    embeddings: the word embeddings. A batch touches a few hundred of their thousands of rows; with sparse
        gradients the optimiser leaves the rest alone, which saves a third of a step on a CPU.
    unknown_id: what stands in the place of hidden pieces.
    """
    checkpoint = Checkpoint(_makings(network, rows, wanted, options))
    random_order = random.Random(options.seed)
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device).train()
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = options.dropout
    optimisers = _optimisers(network, embeddings, options)
    per_epoch = math.ceil(len(rows) / options.batch_size)
    total = max(1, round(per_epoch * options.epochs))
    schedules = [torch.optim.lr_scheduler.LambdaLR(each, _slope(total, options.warmup)) for each in optimisers]
    dense = [weight for weight in network.parameters() if embeddings is None or weight is not embeddings.weight]
    lengths = [row.shape[-1] for row in rows]
    stateful: list[Any] = [network, *optimisers, *schedules]
    done = skipped = 0
    if (saved := checkpoint.load()) is not None:
        for each, state in zip(stateful, saved["states"], strict=True):
            each.load_state_dict(state)
        done, skipped = saved["done"], saved["done_of_epoch"]
        random_order.setstate(_nested(saved["order"]))
        torch.set_rng_state(saved["torch"])
    with progress_bar("training", total, done) as advance:
        while done < total:
            order = random_order.getstate()
            batches = list(shuffled_batches(lengths, options.batch_size, random_order))
            for place, batch in enumerate(batches[skipped:], start=skipped + 1):
                padded = pad([rows[index] for index in batch], pad_id)
                inputs = [torch.from_numpy(part) for part in padded]
                if options.unread:
                    _hide(inputs[0], inputs[1], options.unread, unknown_id)
                inputs = [part.to(device) for part in inputs]
                with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16_pays(device)):
                    value = loss(network(*inputs), batch)
                value.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(dense, options.clip_norm)
                for optimiser, schedule in zip(optimisers, schedules, strict=True):
                    optimiser.step()
                    optimiser.zero_grad()
                    schedule.step()
                done += 1
                advance(f"loss {value.item():.3f}")
                if done == total or place == len(batches) or checkpoint.due:
                    checkpoint.save(
                        {
                            "states": [each.state_dict() for each in stateful],
                            "done": done,
                            "done_of_epoch": place,
                            "order": order,
                            "torch": torch.get_rng_state(),
                        }
                    )
                if done == total:
                    break
            skipped = 0
    network.to("cpu").eval()
    return checkpoint


def _makings(network: nn.Module, rows: Sequence[TokenIds], wanted: bytes, options: FineTuning) -> Iterator[bytes]:
    """Yield all that a training depends on."""
    yield repr(sorted(asdict(options).items())).encode()
    yield wanted
    for row in rows:
        yield np.ascontiguousarray(row).tobytes()
    for name, weight in network.state_dict().items():
        yield name.encode()
        yield weight.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes()


def _hide(ids: Tensor, mask: Tensor, share: float, unknown_id: int) -> None:
    """Hide a share of the pieces in place; the mark at the beginning stays."""
    hidden = (torch.rand(ids.shape) < share) & (mask > 0)
    hidden[:, 0] = False
    ids[hidden] = unknown_id


def _nested(state: Any) -> Any:
    """Return a state of `random.Random` in tuples, which `torch.save` does not keep apart from lists."""
    return tuple(_nested(each) for each in state) if isinstance(state, (list, tuple)) else state


def bf16_pays(device: torch.device) -> bool:
    """Say whether bf16 is fast here: on GPUs, and on processors with instructions for it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and bool(torch.cpu._is_avx512_bf16_supported())


def _optimisers(
    network: nn.Module, embeddings: nn.Embedding | None, options: FineTuning
) -> list[torch.optim.Optimizer]:
    head = [weight for name, weight in network.named_parameters() if not name.startswith("encoder.")]
    apart = {id(weight) for weight in head} | ({id(embeddings.weight)} if embeddings is not None else set())
    body = [weight for weight in network.parameters() if id(weight) not in apart]
    groups = [{"params": body, "lr": options.learning_rate}, {"params": head, "lr": options.head_learning_rate}]
    optimisers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, weight_decay=options.weight_decay, fused=True)]
    if embeddings is not None:
        embeddings.sparse = True
        optimisers.append(torch.optim.SparseAdam([embeddings.weight], lr=options.learning_rate))
    return optimisers


def _slope(total: int, warmup: float) -> Callable[[int], float]:
    rise = max(1, round(total * warmup))
    return lambda step: min((step + 1) / rise, max(0.0, (total - step) / max(1, total - rise)))
