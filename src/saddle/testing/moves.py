"""The laws of what moves examples: perturbations, points around data, and what a critic shall not notice."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.func import vmap

from saddle.regularizers import Invariance, Perturbation
from saddle.testing.demand import attempt, demand

Shapes = tuple[tuple[int, ...], ...]
Move = Callable[[Tensor, Tensor], Tensor]


def check_perturbation(kind: str, one: Perturbation, shapes: Shapes) -> None:
    """The laws of a perturbation: those of a move, early and late, and a slope by the examples.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    generator = torch.Generator().manual_seed(0)
    for now in (torch.tensor(0), torch.tensor(10**6)):
        demand_move(f"{kind}.perturb", partial(_perturbed, one, now), shapes)
        for shape in shapes:
            leaf, noise = torch.randn(2, 4, *shape, generator=generator).unbind()
            total = one.perturb(leaf.requires_grad_(), noise, now).sum()
            slope = torch.autograd.grad(total, leaf)[0] if total.requires_grad else torch.zeros(())
            demand(bool(slope.any()), f"{kind}.perturb cuts the generator off: it has no slope by the examples.")


def check_invariance(kind: str, one: Invariance, shapes: Shapes) -> bool:
    """The laws of an invariance; returns whether its difference is never negative.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    demand(one.at in ("real", "fake"), f"{kind} compares scores, so its attribute `at` must be real or fake.")
    demand_move(f"{kind}.moved", one.moved, shapes)
    nonnegative = True
    generator = torch.Generator().manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        scores, moved = torch.randn(2, 3, 5, generator=generator, dtype=dtype)
        looped = [_difference(kind, one, a, b) for a, b in zip(scores, moved, strict=True)]
        nonnegative = nonnegative and all(value.item() >= 0 for value in looped)
        sentence = f"{kind}.difference cannot run under torch.func.vmap, so no population can train with it"
        stacked = attempt(lambda a=scores, b=moved: vmap(one.difference)(a, b), sentence)
        close = torch.allclose(stacked, torch.stack(looped), rtol=1e-5, atol=1e-6)
        demand(close, f"{kind}.difference under torch.func.vmap differs from a loop over the members.")
        same = _difference(kind, one, scores[0], scores[0])
        demand(same.item() == 0, f"{kind}.difference is {same.item()} where no score changed.")
    return nonnegative


def demand_move(what: str, move: Move, shapes: Shapes) -> None:
    """Demand that a function of examples and noise is pure, keeps shape and dtype, and stacks.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    generator = torch.Generator().manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        for shape in shapes:
            x, noise = torch.randn(2, 3, 4, *shape, generator=generator, dtype=dtype)
            looped = torch.stack([_moved(what, move, a, b) for a, b in zip(x, noise, strict=True)])
            sentence = f"{what} cannot run under torch.func.vmap, so no population can train with it"
            stacked = attempt(lambda x=x, noise=noise: vmap(move)(x, noise), sentence)
            close = torch.allclose(stacked, looped, rtol=1e-5, atol=1e-6)
            demand(close, f"{what} under torch.func.vmap differs from a plain call.")


def _perturbed(one: Perturbation, now: Tensor, x: Tensor, noise: Tensor) -> Tensor:
    return one.perturb(x, noise, now)


def _moved(what: str, move: Move, x: Tensor, noise: Tensor) -> Tensor:
    seen = (x.clone(), noise.clone())
    where = f"examples of shape {tuple(x.shape)}"
    value = attempt(lambda: move(*seen), f"{what} fails on {where}")
    demand(value.shape == x.shape, f"{what} must keep the shape of {where}.")
    demand(value.dtype == x.dtype, f"{what} must keep {x.dtype}, and returned {value.dtype}.")
    demand(bool(torch.isfinite(value).all()), f"{what} is not finite on ordinary {where}.")
    untouched = torch.equal(seen[0], x) and torch.equal(seen[1], noise)
    demand(untouched, f"{what} changes its arguments in place.")
    demand(torch.equal(value, move(*seen)), f"{what} draws random numbers of its own; use the noise it is given.")
    return value


def _difference(kind: str, one: Invariance, scores: Tensor, moved: Tensor) -> Tensor:
    value = attempt(lambda: one.difference(scores, moved), f"{kind}.difference fails on scores of shape (5,)")
    demand(isinstance(value, Tensor) and value.dim() == 0, f"{kind}.difference must return a 0-d tensor.")
    demand(value.dtype == scores.dtype, f"{kind}.difference must keep {scores.dtype}, and returned {value.dtype}.")
    demand(bool(torch.isfinite(value)), f"{kind}.difference is {value.item()} for ordinary scores.")
    leaf = scores.clone().requires_grad_()
    total = one.difference(leaf, moved)
    demand(total.requires_grad, f"{kind}.difference is not differentiable: its value is cut off from the scores.")
    return value
