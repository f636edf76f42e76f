"""A player's update as a function of a list of tensors, for a compiler to write down."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from saddle.core.problem import Batch, Player
from saddle.training.state import State, Tensors
from saddle.training.step import loss_of
from saddle.training.ways.functions import Flat, Form


def fresh_of(player: Player, state: State, batch: Batch, noise: Tensors, form: Form) -> list[Tensor]:
    """The tensors of this update alone; the optimizer's numbers come first, which are written where they lie."""
    labels = [] if batch.y is None else [batch.y]
    numbers = [] if form.update is None else list(numbers_of(player, state, form).values())
    return [*numbers, *state.carry.values(), *noise.values(), batch.x, *labels, batch.round]


def numbers_of(player: Player, state: State, form: Form) -> Tensors:
    """What of the optimizer's step changes from round to round."""
    assert form.update is not None
    group = {**state.optimizers[player.name].param_groups[0], **player.schedule(state.round)}
    found = form.update.numbers(group, form.slots[0])
    if not form.numbers:
        held = torch.zeros(len(found), dtype=state.dtype)
        form.numbers, form.written = dict(zip(found, held.unbind(), strict=True)), held.numpy()
    form.written[:] = list(found.values())  # sooner done than writing tensors
    return form.numbers


def flat_update(player: Player, state: State, batch: Batch, noise: Tensors, form: Form) -> Flat:
    """Loss, metrics, carry and gradients of a player from a list of tensors; what is held is written in place."""
    names = list(numbers_of(player, state, form)) if form.update else []
    group = state.optimizers[player.name].param_groups[0]
    kept = [len(slot) for slot in form.slots]
    counts = [len(state.params), len(state.buffers), *kept, len(names), len(state.carry), len(noise)]

    def flat(*inputs: Tensor) -> list[Tensor]:
        params, buffers, *memory, numbers, carry, draws, rest = parted(list(inputs), counts)
        named = dict(zip(state.params, params, strict=True))
        own = {name: named[name].detach().requires_grad_() for name in state.learned(player.learns)}
        loss = loss_of(
            player,
            state,
            {**named, **own},
            dict(zip(state.buffers, buffers, strict=True)),
            Batch(rest[0], None if batch.y is None else rest[1], rest[-1]),
            dict(zip(noise, draws, strict=True)),
            dict(zip(state.carry, carry, strict=True)),
        )
        found = gradients_of(loss.value, own)
        form.metrics, form.carry = list(loss.metrics), list(loss.carry)
        carry_out = [one.contiguous() for one in loss.carry.values()]
        made = [one.detach() for one in (loss.value, *loss.metrics.values(), *carry_out)]
        if form.update is None:
            return [*made, *found]
        apply(form, [named[name] for name in own], found, memory, group, dict(zip(names, numbers, strict=True)))
        return made

    return flat


def apply(
    form: Form,
    learned: list[Tensor],
    found: list[Tensor],
    memory: list[list[Tensor]],
    group: Mapping[str, Any],
    numbers: Mapping[str, Tensor],
) -> None:
    """The optimizer's step: changes what is learned and the optimizer's memory of it in place, from gradients."""
    assert form.update is not None
    with torch.no_grad():
        for parameter, gradient, slot, tensors in zip(learned, found, form.slots, memory, strict=True):
            form.update.apply(parameter, gradient, dict(zip(slot, tensors, strict=True)), group, numbers)


def gradients_of(value: Tensor, own: Tensors) -> list[Tensor]:
    """The gradient of a loss (or the sum of a population's) by each of its own tensors; zero by an idle one."""
    found = torch.autograd.grad(value.sum(), list(own.values()), allow_unused=True)
    return [
        torch.zeros_like(one) if gradient is None else gradient.contiguous()
        for one, gradient in zip(own.values(), found, strict=True)
    ]


def parted(values: list[Tensor], counts: list[int]) -> list[list[Tensor]]:
    """A list cut into runs of these lengths, and what is left over."""
    parts: list[list[Tensor]] = []
    for count in counts:
        parts.append(values[:count])
        values = values[count:]
    return [*parts, values]
