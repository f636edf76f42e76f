"""The laws of regularizers, for saddle's own and for yours."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.func import vmap

from saddle.regularizers import Penalty, Perturbation, Projection, Regularizer
from saddle.testing.demand import attempt, demand
from saddle.testing.trial import demand_training

SHAPES = ((2,), (1, 8, 8), (3, 4, 5))
COUNTS = (1, 4)
PLACES = ("real", "fake", "between")


@dataclass(frozen=True)
class RegularizerProperties:
    """What `check_regularizer` found.

    Attributes:
        acts: the methods it has: "perturb" on what the critic sees, "penalty" on the critic's loss, "project" on the
            critic's weights.
        at: where its penalty sits, or None.
        nonnegative: its penalty is never below zero, or None where it has none.
        idempotent: projecting a second time changes nothing, or None where it projects nothing.
    """

    acts: tuple[str, ...]
    at: Literal["real", "fake", "between"] | None
    nonnegative: bool | None
    idempotent: bool | None


def check_regularizer(regularizer: Regularizer) -> RegularizerProperties:
    """Prove that a value is a regularizer, and say what kind of one.

    Each of its methods must be pure (`project`: in place), keep dtypes, work for examples of any shape, and do in a
    population what it does alone; a GAN must train with it.

    Args:
        regularizer: a value with at least one of the methods `penalty`, `perturb` and `project`.

    Raises:
        AssertionError: in one sentence, the first law that is broken.

    Example:
        >>> from saddle.regularizers import R1
        >>> check_regularizer(R1()).at
        'real'
    """
    kind = type(regularizer).__name__
    demand(not isinstance(regularizer, type), f"Give a value such as {regularizer}(), not the class.")
    demand(
        not hasattr(regularizer, "penalty") or getattr(regularizer, "at", None) in PLACES,
        f"{kind} has a penalty, so its attribute `at` must be one of {', '.join(PLACES)}.",
    )
    known = isinstance(regularizer, Penalty | Perturbation | Projection)
    demand(known, f"{kind} has no method penalty, perturb or project.")
    nonnegative = idempotent = None
    if isinstance(regularizer, Penalty):
        nonnegative = _check_penalty(kind, regularizer)
    if isinstance(regularizer, Perturbation):
        _check_perturbation(kind, regularizer)
    if isinstance(regularizer, Projection):
        idempotent = _check_projection(kind, regularizer)
    demand_training(kind, {"regularizers": [regularizer]})
    acts = tuple(name for name in ("perturb", "penalty", "project") if hasattr(regularizer, name))
    return RegularizerProperties(acts, getattr(regularizer, "at", None), nonnegative, idempotent)


def _check_penalty(kind: str, one: Penalty) -> bool:
    """The laws of a penalty; returns whether it is never negative."""
    generator = torch.Generator().manual_seed(0)
    nonnegative = True
    for dtype in (torch.float32, torch.float64):
        for shape in SHAPES:
            for count in COUNTS:
                scores = torch.randn(3, count, generator=generator, dtype=dtype)
                gradients = torch.randn(3, count, *shape, generator=generator, dtype=dtype)
                gradients[2] = 0  # a dead critic, where the slope of a norm is a trap
                values = [_penalty(kind, one, s, g) for s, g in zip(scores, gradients, strict=True)]
                nonnegative = nonnegative and all(value.item() >= 0 for value in values)
                stacked = attempt(
                    lambda s=scores, g=gradients: vmap(one.penalty)(s, g),
                    f"{kind}.penalty cannot run under torch.func.vmap, so no population can train with it",
                )
                close = torch.allclose(stacked, torch.stack(values), rtol=1e-5, atol=1e-6)
                demand(close, f"{kind}.penalty under torch.func.vmap differs from a loop over the members.")
    return nonnegative


def _penalty(kind: str, one: Penalty, scores: Tensor, gradient: Tensor) -> Tensor:
    seen = (scores.clone(), gradient.clone())
    where = f"gradients of shape {tuple(gradient.shape)}"
    value = attempt(lambda: one.penalty(*seen), f"{kind}.penalty fails on {where}")
    demand(isinstance(value, Tensor) and value.dim() == 0, f"{kind}.penalty must return a 0-d tensor for {where}.")
    demand(value.dtype == scores.dtype, f"{kind}.penalty must keep {scores.dtype}, and returned {value.dtype}.")
    demand(bool(torch.isfinite(value)), f"{kind}.penalty is {value.item()} for ordinary {where}.")
    untouched = torch.equal(seen[0], scores) and torch.equal(seen[1], gradient)
    demand(untouched, f"{kind}.penalty changes its arguments in place.")
    demand(torch.equal(value, one.penalty(*seen)), f"{kind}.penalty gives different values for the same arguments.")
    flat = one.penalty(scores, gradient.flatten(1))
    same = torch.allclose(flat, value, rtol=1e-5, atol=1e-6)
    demand(same, f"{kind}.penalty depends on how the inputs of an example are arranged, not only on their values.")
    scores, gradient = scores.clone().requires_grad_(), gradient.clone().requires_grad_()
    value = one.penalty(scores, gradient)
    demand(value.requires_grad, f"{kind}.penalty is not differentiable: its value is cut off from its arguments.")
    slopes = torch.autograd.grad(value, (scores, gradient), allow_unused=True)
    finite = all(bool(torch.isfinite(slope).all()) for slope in slopes if slope is not None)
    demand(finite, f"{kind}.penalty has a slope that is not finite, at a zero gradient or an ordinary one.")
    return value.detach()


def _check_perturbation(kind: str, one: Perturbation) -> None:
    generator = torch.Generator().manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        for shape in SHAPES:
            x, noise = torch.randn(2, 3, 4, *shape, generator=generator, dtype=dtype)
            for now in (torch.tensor(0), torch.tensor(10**6)):
                value = _perturbed(kind, one, x[0], noise[0], now)
                stacked = attempt(
                    lambda x=x, noise=noise, t=now: vmap(lambda a, b: one.perturb(a, b, t))(x, noise),
                    f"{kind}.perturb cannot run under torch.func.vmap, so no population can train with it",
                )
                close = torch.allclose(stacked[0], value, rtol=1e-5, atol=1e-6)
                demand(close, f"{kind}.perturb under torch.func.vmap differs from a plain call.")


def _perturbed(kind: str, one: Perturbation, x: Tensor, noise: Tensor, now: Tensor) -> Tensor:
    seen = (x.clone(), noise.clone())
    where = f"examples of shape {tuple(x.shape)}"
    value = attempt(lambda: one.perturb(*seen, now), f"{kind}.perturb fails on {where}")
    demand(value.shape == x.shape, f"{kind}.perturb must keep the shape of {where}.")
    demand(value.dtype == x.dtype, f"{kind}.perturb must keep {x.dtype}, and returned {value.dtype}.")
    demand(bool(torch.isfinite(value).all()), f"{kind}.perturb is not finite on ordinary {where}.")
    untouched = torch.equal(seen[0], x) and torch.equal(seen[1], noise)
    demand(untouched, f"{kind}.perturb changes its arguments in place.")
    same = torch.equal(value, one.perturb(*seen, now))
    demand(same, f"{kind}.perturb draws random numbers of its own; use the noise it is given.")
    leaf = x.clone().requires_grad_()
    total = one.perturb(leaf, noise, now).sum()
    slope = torch.autograd.grad(total, leaf)[0] if total.requires_grad else torch.zeros(())
    demand(bool(slope.any()), f"{kind}.perturb cuts the generator off: it has no slope by the examples.")
    return value


def _check_projection(kind: str, one: Projection) -> bool:
    """The laws of a projection; returns whether a second one changes nothing."""
    generator = torch.Generator().manual_seed(0)
    idempotent = True
    for dtype in (torch.float32, torch.float64):
        for shape in ((), (5,), (4, 3), (2, 3, 4, 4)):
            weights = 3 * torch.randn(shape, generator=generator, dtype=dtype)
            moved = weights.clone()
            where = f"a parameter of shape {shape}"
            attempt(lambda w=moved: one.project("critic.weight", w), f"{kind}.project fails on {where}")
            finite = moved.dtype == dtype and bool(torch.isfinite(moved).all())
            demand(finite, f"{kind}.project leaves numbers that are not finite in {where}.")
            again, other = moved.clone(), weights.clone()
            one.project("critic.weight", again)
            one.project("critic.weight", other)
            idempotent = idempotent and torch.allclose(again, moved, rtol=1e-5, atol=1e-7)
            demand(torch.equal(other, moved), f"{kind}.project gives different results for the same parameter.")
            demand(moved.shape == weights.shape, f"{kind}.project changes the shape of {where}.")
    return idempotent
