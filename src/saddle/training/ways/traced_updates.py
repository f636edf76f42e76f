"""The updates of common optimizers as plain tensor operations, which a compiler joins with the gradient before them.

They work on the memory that torch's own optimizers keep, in place, so that a run may change between the two. torch's
are not used for this because they read their count of steps on the host.
"""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any, NamedTuple

import torch
from torch import Tensor

Slots = dict[str, Tensor]


class Traced(NamedTuple):
    """How one kind of optimizer updates.

    Attributes:
        slots: what it keeps for a parameter, at its start.
        numbers: what changes from step to step, from the group's options and what is kept of any parameter; computed on
            the host, since a compiler would compute it anew for each element.
        apply: changes parameter and slots in place, from the gradient, the group's options, and those numbers in the
            precision of the parameter.
    """

    slots: Callable[[Tensor, Mapping[str, Any]], Slots]
    numbers: Callable[[Mapping[str, Any], Slots], dict[str, float]]
    apply: Callable[[Tensor, Tensor, Slots, Mapping[str, Any], Mapping[str, Tensor]], None]


def traced(optimizer: torch.optim.Optimizer) -> Traced | None:
    """The update of an optimizer, or None where it is of another kind or uses options that are not written here."""
    kind = KINDS.get(type(optimizer))
    groups = optimizer.param_groups
    plain = len(groups) == 1 and not any(groups[0].get(option) for option in UNUSUAL)
    return kind if plain else None


def slots_of(optimizer: torch.optim.Optimizer, kind: Traced) -> list[Slots]:
    """What the optimizer keeps of each parameter, made now where it has not moved yet."""
    group = optimizer.param_groups[0]
    held = []
    for parameter in group["params"]:
        state = optimizer.state[parameter]
        fresh = kind.slots(parameter.detach(), group)
        if any(state.get(name) is None for name in fresh):
            state.update(fresh)
        held.append({name: state[name] for name in fresh})
    return held


def _step(parameter: Tensor) -> Tensor:
    return torch.zeros((), dtype=torch.float32, device=parameter.device)


def _adam_slots(parameter: Tensor, group: Mapping[str, Any]) -> Slots:
    return {
        "step": _step(parameter),
        "exp_avg": torch.zeros_like(parameter),
        "exp_avg_sq": torch.zeros_like(parameter),
    }


def _adam_numbers(group: Mapping[str, Any], slots: Slots) -> dict[str, float]:
    step = slots["step"].item() + 1
    beta1, beta2 = group["betas"]
    return {"scale": group["lr"] / (1 - beta1**step), "root": sqrt(1 - beta2**step)}


def _adam(
    parameter: Tensor, gradient: Tensor, slots: Slots, group: Mapping[str, Any], numbers: Mapping[str, Tensor]
) -> None:
    """Kingma & Ba 2015, Algorithm 1."""
    beta1, beta2 = group["betas"]
    slots["step"].add_(1)
    mean = slots["exp_avg"].lerp_(gradient, 1 - beta1)
    square = slots["exp_avg_sq"].mul_(beta2).add_((1 - beta2) * gradient * gradient)
    parameter.sub_(numbers["scale"] * mean / (square.sqrt() / numbers["root"] + group["eps"]))


def _momentum(parameter: Tensor, group: Mapping[str, Any]) -> Slots:
    return {"momentum_buffer": torch.zeros_like(parameter)} if group["momentum"] else {}


def _plain_numbers(group: Mapping[str, Any], slots: Slots) -> dict[str, float]:
    return {"rate": group["lr"], "momentum": group["momentum"]}


def _sgd(
    parameter: Tensor, gradient: Tensor, slots: Slots, group: Mapping[str, Any], numbers: Mapping[str, Tensor]
) -> None:
    """v <- momentum v + g; w <- w - rate v."""
    if "momentum_buffer" in slots:
        gradient = slots["momentum_buffer"].mul_(numbers["momentum"]).add_(gradient)
    parameter.sub_(numbers["rate"] * gradient)


def _rmsprop_slots(parameter: Tensor, group: Mapping[str, Any]) -> Slots:
    return {"step": _step(parameter), "square_avg": torch.zeros_like(parameter), **_momentum(parameter, group)}


def _rmsprop(
    parameter: Tensor, gradient: Tensor, slots: Slots, group: Mapping[str, Any], numbers: Mapping[str, Tensor]
) -> None:
    """Tieleman & Hinton 2012; epsilon is added to the root, as torch does."""
    slots["step"].add_(1)
    square = slots["square_avg"].mul_(group["alpha"]).add_((1 - group["alpha"]) * gradient * gradient)
    move = gradient / (square.sqrt() + group["eps"])
    if "momentum_buffer" in slots:
        move = slots["momentum_buffer"].mul_(numbers["momentum"]).add_(move)
    parameter.sub_(numbers["rate"] * move)


UNUSUAL = ("weight_decay", "amsgrad", "maximize", "nesterov", "dampening", "centered", "decoupled_weight_decay")
KINDS: dict[type, Traced] = {
    torch.optim.Adam: Traced(_adam_slots, _adam_numbers, _adam),
    torch.optim.SGD: Traced(_momentum, _plain_numbers, _sgd),
    torch.optim.RMSprop: Traced(_rmsprop_slots, _plain_numbers, _rmsprop),
}
