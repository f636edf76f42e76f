"""The laws of regularizers, for saddle's own and for yours."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.func import vmap

from saddle.regularizers import (
    ACTS,
    Invariance,
    Normalization,
    Penalty,
    Perturbation,
    Projection,
    Regularizer,
    Scheduled,
    Surrounding,
)
from saddle.testing.demand import attempt, demand
from saddle.testing.layers import check_normalization, check_projection
from saddle.testing.moves import check_invariance, check_perturbation, demand_move
from saddle.testing.separation import separates
from saddle.testing.trial import demand_training

SHAPES = ((2,), (1, 8, 8), (3, 4, 5))
COUNTS = (1, 4)
PLACES = ("real", "fake", "between", "around")


@dataclass(frozen=True)
class RegularizerProperties:
    """What `check_regularizer` found.

    Attributes:
        acts: the methods it has: "perturb" on what the critic sees, "penalty" and "difference" on the critic's loss,
            "project" on the critic's weights, "normalize" on its layers.
        at: where its penalty or difference sits, or None.
        nonnegative: its penalty or difference is never below zero, or None where it has none.
        idempotent: projecting a second time changes nothing, or None where it projects nothing.
        separates: it does to a batch what it does to its halves.
    """

    acts: tuple[str, ...]
    at: Literal["real", "fake", "between", "around"] | None
    nonnegative: bool | None
    idempotent: bool | None
    separates: bool


def check_regularizer(regularizer: Regularizer) -> RegularizerProperties:
    """Prove that a value is a regularizer, and say what kind of one.

    Each of its methods must be pure (`project`: in place), keep dtypes, work for examples of any shape, and do in a
    population what it does alone; a GAN must train with it. One that says it separates must.

    Args:
        regularizer: a value with at least one of the methods `penalty`, `perturb`, `difference` (with `moved`),
            `project` and `normalize`; one with `pictures_only = True` is tried on pictures alone.

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
    demand(isinstance(regularizer, Regularizer), f"{kind} has no method {', '.join(ACTS[:-1])} or {ACTS[-1]}.")
    nonnegative = idempotent = None
    if isinstance(regularizer, Penalty):
        nonnegative = _check_penalty(kind, regularizer)
    shapes = tuple(shape for shape in SHAPES if len(shape) == 3 or not _pictures_only(regularizer))
    if isinstance(regularizer, Perturbation):
        check_perturbation(kind, regularizer, shapes)
    if isinstance(regularizer, Invariance):
        nonnegative = check_invariance(kind, regularizer, shapes)
    if isinstance(regularizer, Projection):
        idempotent = check_projection(kind, regularizer)
    if isinstance(regularizer, Normalization):
        check_normalization(kind, regularizer)
    demand_training(kind, {"regularizers": [regularizer]}, pictures=_pictures_only(regularizer))
    separate = all(separates(regularizer, shape) for shape in shapes)
    demand(
        separate or not getattr(regularizer, "separates", False),
        f"{kind} says that it separates, but does something else to a batch than to its halves.",
    )
    acts = tuple(name for name in ACTS if hasattr(regularizer, name))
    return RegularizerProperties(acts, getattr(regularizer, "at", None), nonnegative, idempotent, separate)


def _pictures_only(regularizer: Regularizer) -> bool:
    return bool(getattr(regularizer, "pictures_only", False))


def _check_penalty(kind: str, one: Penalty) -> bool:
    """The laws of a penalty; returns whether it is never negative."""
    _check_place_and_time(kind, one)
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


def _check_place_and_time(kind: str, one: Penalty) -> None:
    """The laws of a penalty's points, where it chooses them, and of its weight, where that changes."""
    if one.at == "around":
        demand(isinstance(one, Surrounding), f"{kind} sits around data, so it needs a method around(real, noise).")
        demand_move(f"{kind}.around", one.around, SHAPES)  # type: ignore[attr-defined]
    if isinstance(one, Scheduled):
        for now in (0, 1, 10**6):
            share = attempt(lambda t=now: one.share(torch.tensor(t)), f"{kind}.share fails in round {now}")
            scalar = isinstance(share, Tensor) and share.dim() == 0
            demand(scalar, f"{kind}.share must return a 0-d tensor for round {now}.")
            good = bool(torch.isfinite(share)) and share.item() >= 0
            demand(good, f"{kind}.share is {share.item()} in round {now}; a weight is finite and not negative.")
