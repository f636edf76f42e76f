"""A player's loss and gradient as one compiled function.

The loss is written down by running it once with its backward pass (`make_fx`), alone or under `vmap`, so whatever a
loss or a network of the user's does in Python is done then and never again. The compiler gets plain tensor operations.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from saddle.core.errors import InputError
from saddle.core.problem import Batch, Loss, Player
from saddle.training.state import State, Tensors
from saddle.training.step import loss_of

TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-9}
Flat = Callable[..., list[Tensor]]


class NotCompiledError(InputError):
    """A loss that cannot be compiled, or that computes something else once it is.

    Args:
        player: whose loss it is.
        reason: what is wrong.
    """

    def __init__(self, player: str, reason: str) -> None:
        super().__init__(f"The {player}'s loss cannot be compiled: {reason}; set compile to 'off'.")


@dataclass
class _Form:
    """How the outputs of a flat function come back as a `Loss`."""

    metrics: list[str]
    carry: list[str]


class Compiled:
    """Differentiates losses by compiled functions, made when a player first moves.

    Attributes:
        seconds: spent on compiling so far.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._made: dict[str, tuple[Flat, _Form]] = {}

    def __call__(self, player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
        """What `gradients` does.

        Raises:
            NotCompiledError: at a player's first update, with the reason.
        """
        inputs = _inputs(player, state, batch, noise)
        if player.name not in self._made:
            began = perf_counter()
            self._made[player.name] = _make(player, state, batch, noise, inputs)
            self.seconds += perf_counter() - began
        function, form = self._made[player.name]
        with torch.no_grad():
            value, *rest = function(*inputs)
        metrics = dict(zip(form.metrics, rest, strict=False))
        rest = rest[len(form.metrics) :]
        carry = dict(zip(form.carry, rest, strict=False))
        for parameter, gradient in zip(state.learned(player.learns).values(), rest[len(form.carry) :], strict=True):
            parameter.grad = gradient
        return Loss(value, metrics, carry)


def _inputs(player: Player, state: State, batch: Batch, noise: Tensors) -> list[Tensor]:
    """All tensors that a player's update reads, in a fixed order."""
    labels = [] if batch.y is None else [batch.y]
    held = (*state.params.values(), *state.buffers.values(), *state.carry.values())
    return [*(one.detach() for one in held), *noise.values(), batch.x, *labels, batch.round]


def _make(player: Player, state: State, batch: Batch, noise: Tensors, inputs: list[Tensor]) -> tuple[Flat, _Form]:
    form = _Form([], [])
    flat = _flat(player, state, batch, noise, form)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of its own ways
        compiled = _compiled(player, flat, inputs)
        with torch.no_grad():
            found = compiled(*_copies(inputs))
    gap = _gap(found, flat(*_copies(inputs)))
    if not gap < TOLERANCE[state.dtype]:
        raise NotCompiledError(player.name, f"its gradient comes out {gap:.1e} (relative) off")
    return compiled, form


def _compiled(player: Player, flat: Flat, inputs: list[Tensor]) -> Flat:
    """The function, traced and compiled; the first call is what compiles."""
    try:
        graph = make_fx(flat)(*_copies(inputs))
        compiled = torch.compile(graph, fullgraph=True, dynamic=False, options=_options())
        with torch.no_grad():
            compiled(*_copies(inputs))
    except Exception as error:
        reason = str(error.__cause__ or error).strip().splitlines() or [type(error).__name__]
        raise NotCompiledError(player.name, reason[0].rstrip(".:")) from error
    return compiled


def _options() -> dict[str, Any]:
    # The function is called with tensors of the same shapes and kinds for the whole run, so nothing needs guarding.
    unguarded = getattr(torch.compiler, "skip_all_guards_unsafe", None)
    return {} if unguarded is None else {"guard_filter_fn": unguarded}


def _flat(player: Player, state: State, batch: Batch, noise: Tensors, form: _Form) -> Flat:
    """Loss, metrics, carry and gradients of a player from a list of tensors; buffers are written in place."""
    counts = [len(state.params), len(state.buffers), len(state.carry), len(noise)]

    def flat(*inputs: Tensor) -> list[Tensor]:
        params, buffers, carry, draws, rest = _parted(list(inputs), counts)
        named = dict(zip(state.params, params, strict=True))
        own = {name: named[name].detach().requires_grad_() for name in state.learned(player.learns)}
        y = None if batch.y is None else rest[1]
        loss = loss_of(
            player,
            state,
            {**named, **own},
            dict(zip(state.buffers, buffers, strict=True)),
            Batch(rest[0], y, rest[-1]),
            dict(zip(noise, draws, strict=True)),
            dict(zip(state.carry, carry, strict=True)),
        )
        found = torch.autograd.grad(loss.value.sum(), list(own.values()), allow_unused=True)
        gradients = [
            torch.zeros_like(one) if gradient is None else gradient.contiguous()
            for one, gradient in zip(own.values(), found, strict=True)
        ]
        form.metrics, form.carry = list(loss.metrics), list(loss.carry)
        return [one.detach() for one in (loss.value, *loss.metrics.values(), *loss.carry.values(), *gradients)]

    return flat


def _parted(values: list[Tensor], counts: list[int]) -> list[list[Tensor]]:
    parts: list[list[Tensor]] = []
    for count in counts:
        parts.append(values[:count])
        values = values[count:]
    return [*parts, values]


def _copies(tensors: list[Tensor]) -> list[Tensor]:
    return [tensor.clone() for tensor in tensors]


def _gap(found: list[Tensor], wanted: list[Tensor]) -> float:
    """The largest relative distance over all numbers together and over the first, the loss."""
    pairs = [(found, wanted), (found[:1], wanted[:1])]
    gaps = []
    for ours, theirs in pairs:
        x, y = (torch.cat([one.double().flatten() for one in side]) for side in (ours, theirs))
        gaps.append((torch.linalg.vector_norm(x - y) / torch.linalg.vector_norm(y).clamp_min(1e-30)).item())
    return max(gaps)
