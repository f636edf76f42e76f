"""Every f-divergence of the table, of probabilities and of densities."""

import math
from collections.abc import Callable
from typing import TypeVar, overload

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.estimate import Estimate
from saddle.measures.probability.density import Density, is_density
from saddle.measures.probability.f_divergences import F_DIVERGENCES, FDivergence
from saddle.measures.probability.normals import NormalPair
from saddle.measures.probability.of_densities import Quantity, measure_pair
from saddle.measures.probability.outcome_sum import outcome_sum, value_of
from saddle.measures.probability.outcome_terms import terms_of
from saddle.measures.probability.probabilities import as_two_probabilities, give_back, smallest

Array = TypeVar("Array", np.ndarray, Tensor)

HEAVY = "the mean of a ratio of densities: where its tail is heavy the error is too small and the value often too low"


@overload
def f_divergence(p: Array, q: Array, name: str | FDivergence, *, draws: int = 100_000, seed: int = 0) -> Array: ...
@overload
def f_divergence(
    p: Density, q: Density, name: str | FDivergence, *, draws: int = 100_000, seed: int = 0
) -> Estimate: ...
def f_divergence(
    p: Array | Density, q: Array | Density, name: str | FDivergence, *, draws: int = 100_000, seed: int = 0
) -> Array | Estimate:
    """D_f(P‖Q) = Σ q f(p/q) for a convex f, with the usual limits where q is zero (Ali & Silvey; Csiszár, 1966).

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density.
        q: the same for the second law; leading axes are broadcast.
        name: a key of `F_DIVERGENCES`: "kl", "reverse-kl", "pearson", "neyman", "jeffreys" (KL both ways),
            "squared-hellinger" (no ½, at most 2), "jensen-shannon", "jensen-shannon-nowozin" (twice it, as f-GAN prints
            it), "total-variation" (with ½, at most 1), or "gan" (2 JSD - log 4, which is not a divergence); or an
            `FDivergence` of your own.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Of probabilities an array or tensor (...) in nats, twelve digits in float64 even for nearly equal laws, with
        gradients for tensors. Of densities an `Estimate`: a closed form for two normals where there is one, adaptive
        quadrature with its error bound in one and two dimensions, Monte Carlo with a 95 % interval beyond.

    Raises:
        InputError: when p or q is not a distribution, the two do not fit together, or the name is unknown.
    """
    return divergence(p, q, find(name), 1.0, draws, seed)


def divergence(
    p: Array | Density, q: Array | Density, member: FDivergence, unit: float, draws: int, seed: int
) -> Array | Estimate:
    """An f-divergence divided by `unit`."""
    if is_density(p, q):
        assert isinstance(p, Density) and isinstance(q, Density)
        return measure_pair(quantity(member), p, q, unit, draws, seed)
    a, b = as_two_probabilities(p, q)
    return give_back(outcome_sum(a, b, terms_of(member), smallest(p, q)) / unit, p, q)


def find(name: str | FDivergence) -> FDivergence:
    """The member of that name.

    Raises:
        InputError: when there is none.
    """
    if isinstance(name, FDivergence):
        return name
    if not isinstance(name, str) or name not in F_DIVERGENCES:
        raise InputError(f"name must be one of {', '.join(F_DIVERGENCES)}, or an FDivergence; found {name!r}.")
    return F_DIVERGENCES[name]


def quantity(member: FDivergence) -> Quantity:
    """An f-divergence as the means for densities need it."""
    terms = terms_of(member)
    known = F_DIVERGENCES.get(member.name) is member
    of_torch: Callable[..., Tensor] | None = None
    if known and member.name in ("kl", "reverse-kl"):
        forward = member.name == "kl"
        of_torch = lambda p, q: torch.distributions.kl_divergence(*((p, q) if forward else (q, p)))  # noqa: E731
    bounded = math.isfinite(member.largest)
    return Quantity(
        total=lambda c: value_of(c, terms),
        integrand=terms.outcome,
        finish=lambda integral: integral + terms.offset,
        of_normals=_OF_NORMALS.get(member.name, _unknown) if known else _unknown,
        of_torch=of_torch,
        largest=member.largest,
        tail="" if bounded or member.name in ("kl", "reverse-kl", "jeffreys") else HEAVY,
    )


def _unknown(pair: NormalPair) -> None:
    return None


_OF_NORMALS: dict[str, Callable[[NormalPair], float | None]] = {
    "kl": lambda pair: pair.renyi(1),
    "reverse-kl": lambda pair: pair.swapped().renyi(1),
    "pearson": lambda pair: _expm1(pair.renyi(2)),
    "neyman": lambda pair: _expm1(pair.swapped().renyi(2)),
    "jeffreys": lambda pair: pair.renyi(1) + pair.swapped().renyi(1),
    "squared-hellinger": lambda pair: -2 * math.expm1(-pair.renyi(0.5) / 2),
}
"""Six members are functions of Rényi divergences."""


def _expm1(x: float) -> float:
    return math.expm1(x) if x < 709 else math.inf
