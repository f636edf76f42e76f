"""The laws of a pure function of two tensors, of data and of samples, to a loss or a distance."""

import sys
from collections.abc import Callable
from dataclasses import is_dataclass

import torch
from torch import Tensor
from torch.func import vmap

from saddle.testing.demand import attempt, demand

Role = Callable[[Tensor, Tensor], Tensor]
Pairs = Callable[[torch.dtype], list[tuple[Tensor, Tensor]]]
"""Draws ordinary arguments of a dtype, the same at every call."""


def demand_scalars(what: str, role: Role, pairs: Pairs, of: str = "scores") -> None:
    """Demand a finite 0-d tensor of the arguments' dtype."""
    for dtype in (torch.float32, torch.float64):
        for real, fake in pairs(dtype):
            n = len(real)
            value = attempt(lambda x=real, y=fake: role(x, y), f"{what} fails on {of} of shape {tuple(real.shape)}")
            demand(isinstance(value, Tensor), f"{what} must return a tensor, and returned a {type(value).__name__}.")
            demand(value.dim() == 0, f"{what} must return a 0-d tensor, and returned shape {tuple(value.shape)}.")
            demand(value.dtype == dtype, f"{what} must keep the {of}' {dtype}, and returned {value.dtype}.")
            demand(bool(torch.isfinite(value)), f"{what} is {value.item()} on {n} ordinary {of} of {dtype}.")


def demand_purity(what: str, role: Role, pairs: Pairs, of: str = "scores") -> None:
    """Demand the same value for the same arguments, which stay as they are, and no random numbers."""
    drawn = pairs(torch.float64)
    with torch.random.fork_rng():
        before = torch.random.get_rng_state()
        first = [role(real.clone(), fake.clone()) for real, fake in drawn]
        demand(torch.equal(before, torch.random.get_rng_state()), f"{what} draws random numbers.")
        torch.manual_seed(1)
        for (real, fake), value in reversed(list(zip(drawn, first, strict=True))):
            seen = (real.clone(), fake.clone())
            again = role(*seen)
            demand(torch.equal(value, again), f"{what} gives different values for the same {of}.")
            untouched = torch.equal(seen[0], real) and torch.equal(seen[1], fake)
            demand(untouched, f"{what} changes its arguments in place.")


def demand_gradients(what: str, role: Role, pairs: Pairs, of: str = "scores") -> None:
    """Demand finite gradients by both arguments, where there are any."""
    for real, fake in pairs(torch.float64):
        scores = [real.clone().requires_grad_(), fake.clone().requires_grad_()]
        value = attempt(lambda s=scores: role(s[0], s[1]), f"{what} fails on {of} that require gradients")
        demand(value.requires_grad, f"{what} is not differentiable: its value is cut off from the {of}.")
        gradients = attempt(
            lambda v=value, s=scores: torch.autograd.grad(v, s, allow_unused=True), f"{what} cannot be differentiated"
        )
        finite = all(bool(torch.isfinite(one).all()) for one in gradients if one is not None)
        demand(finite, f"{what} has a gradient that is not finite on {len(real)} ordinary {of}.")


def demand_stacking(what: str, role: Role, pairs: Pairs, of: str = "scores") -> None:
    """Demand that `vmap` over members gives what a loop does."""
    for real, fake in pairs(torch.float64):
        reals, fakes = torch.stack([real, fake + 1, -real]), torch.stack([fake, real - 1, fake / 2])
        sentence = f"{what} cannot run under torch.func.vmap, so no population can train with it"
        stacked = attempt(lambda x=reals, y=fakes: vmap(role)(x, y), sentence)
        looped = torch.stack([role(x, y) for x, y in zip(reals, fakes, strict=True)])
        close = torch.allclose(stacked, looped, rtol=1e-10, atol=1e-12)
        demand(close, f"{what} under torch.func.vmap differs from a loop over the members.")


def demand_repr(objective: object) -> None:
    """Of a dataclass the text rebuilds the value; runs note an objective of your own by its text."""
    if not is_dataclass(objective):
        return
    kind = type(objective)
    text = repr(objective).replace(kind.__qualname__, kind.__name__, 1)
    module = sys.modules.get(kind.__module__)
    names = {**(vars(module) if module else {}), kind.__name__: kind}
    rebuilt = attempt(lambda: eval(text, names), f"repr of {kind.__name__} gives {text!r}, which cannot be evaluated")
    demand(rebuilt == objective, f"repr of {kind.__name__} gives {text!r}, which rebuilds a different value.")
