"""Whether a compiled update computes what the plain one does."""

import torch
from torch import Tensor

from saddle.core.problem import Player
from saddle.training.state import State
from saddle.training.ways.functions import Flat, Form, NotCompiledError

TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-9}
MIXED_TOLERANCE = 0.1  # where bfloat16 takes part: both sides round to eight bits, each in an order of its own


def other_numbers(inputs: list[Tensor], held: int) -> list[Tensor]:
    """Other numbers for what an update sees anew, so that none of them can have become a constant."""
    fresh = [one + 1 if one.dtype == torch.int64 and not one.dim() else one for one in inputs[held:]]
    return [*inputs[:held], *(one.flip(0) if one.dim() else one for one in fresh)]


def require_agreement(
    player: Player,
    state: State,
    form: Form,
    compiled: Flat,
    flat: Flat,
    inputs: list[Tensor],
    allowed: float,
    *,
    metrics: bool = True,
) -> None:
    """Refuse a compiled update that gives other outputs, or changes what is held otherwise, than the plain one.

    Relative distances up to what is `allowed` may be. Metrics of shares need not agree, which are means of the shares'.
    """
    ours, theirs = copies(inputs), copies(inputs)
    with torch.no_grad():
        found = compiled(*ours)
    wanted = flat(*theirs)
    if not all(bool(torch.isfinite(one).all()) for one in wanted if one.is_floating_point()):
        return  # the training itself will tell
    kept = len(form.metrics) + len(form.carry) + 1
    alike = kept if metrics else 1
    count, several = len(state.params), len(state.params) + len(state.buffers)
    names = [name for slot in form.slots for name in slot]
    changes = [[x.double() - y.double() for x, y in zip(side, inputs, strict=True)] for side in (ours, theirs)]
    groups: list[tuple[list[Tensor], list[Tensor], float]] = [
        *(([x], [y], allowed) for x, y in zip(found[:alike], wanted[:alike], strict=True)),
        (found[kept:], wanted[kept:], allowed),
        (changes[0][count:several], changes[1][count:several], allowed),
        # Adam's first steps are signs of gradients, and those of tiny ones are a matter of rounding.
        (changes[0][:count], changes[1][:count], max(allowed, 0.05)),
    ]
    for name in {*names} - {"step"}:
        places = [several + place for place, one in enumerate(names) if one == name]
        groups.append(([changes[0][i] for i in places], [changes[1][i] for i in places], allowed))
    for x, y, bound in groups:
        if not (gap := _gap(x, y)) < bound:
            raise NotCompiledError(player.name, f"its gradient comes out {gap:.1e} (relative) off")


def copies(tensors: list[Tensor]) -> list[Tensor]:
    """The same numbers elsewhere."""
    return [tensor.clone() for tensor in tensors]


def _gap(found: list[Tensor], wanted: list[Tensor]) -> float:
    """The relative distance of all numbers together; 0 of none."""
    if not found:
        return 0.0
    x, y = (torch.cat([one.double().flatten() for one in side]) for side in (found, wanted))
    return (torch.linalg.vector_norm(x - y) / torch.linalg.vector_norm(y).clamp_min(1e-12)).item()
