"""The Rényi divergence."""

import math
from typing import TypeVar, overload

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.estimate import Estimate
from saddle.measures.probability.comparison import Comparison
from saddle.measures.probability.density import Density, is_density
from saddle.measures.probability.f_divergence import HEAVY
from saddle.measures.probability.of_densities import Quantity, measure_pair
from saddle.measures.probability.outcome_sum import differentiable
from saddle.measures.probability.outcome_terms import kl, power
from saddle.measures.probability.probabilities import as_two_probabilities, give_back, log_base, smallest
from saddle.measures.probability.renyi_terms import renyi_slopes, renyi_value

Array = TypeVar("Array", np.ndarray, Tensor)


@overload
def renyi_divergence(
    p: Array, q: Array, order: float, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Array: ...
@overload
def renyi_divergence(
    p: Density, q: Density, order: float, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Estimate: ...
def renyi_divergence(
    p: Array | Density,
    q: Array | Density,
    order: float,
    *,
    base: float | None = None,
    draws: int = 100_000,
    seed: int = 0,
) -> Array | Estimate:
    """D_α(P‖Q) = log(Σ p^α q^(1-α)) / (α - 1), and its limits (Rényi, 1961; van Erven & Harremoës, 2014).

    Order 0 is -log Q(p > 0), order 1 the Kullback-Leibler divergence, order infinity log max p/q.

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density.
        q: the same for the second law; leading axes are broadcast.
        order: α, from 0 to infinity.
        base: of the logarithm; nats where None.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Never negative, never falling with the order. Of probabilities an array or tensor (...), twelve digits in
        float64 near order one and for nearly equal laws too, with gradients for tensors (none by p at order 0). Of
        densities an `Estimate`: the closed form for two normals, adaptive quadrature with its error bound in one and
        two dimensions, Monte Carlo with a 95 % interval beyond.

    Raises:
        InputError: when p or q is not a distribution, the two do not fit together, the order is negative, or it is
            infinite for densities that are neither normal nor finite.
    """
    unit, alpha = log_base(base), _order(order)
    if is_density(p, q):
        assert isinstance(p, Density) and isinstance(q, Density)
        return measure_pair(_quantity(alpha), p, q, unit, draws, seed)
    a, b = as_two_probabilities(p, q)
    if alpha == 0:
        value = _order_zero(a, b)
    else:
        value = differentiable(a, b, lambda c: renyi_value(c, alpha), lambda c: renyi_slopes(c, alpha), smallest(p, q))
    return give_back(value / unit, p, q)


def _order(order: float) -> float:
    if isinstance(order, bool) or not isinstance(order, int | float | np.number) or not order >= 0:
        raise InputError(f"order must be a number from 0 to infinity; found {order!r}.")
    return float(order)


def _order_zero(p: Tensor, q: Tensor) -> Tensor:
    """-log Q(p > 0), by plain automatic differentiation: it moves with q alone."""
    missed = torch.where(p == 0, q, 0.0).sum(-1) / q.sum(-1)
    met = torch.where(p > 0, q, 0.0).sum(-1) / q.sum(-1)
    few = missed < 0.5
    # Adding zero turns the -0.0 of equal supports into 0.0.
    return torch.where(few, -torch.log1p(-torch.where(few, missed, 0.0)), -torch.where(few, 1.0, met).log()) + 0.0


def _quantity(order: float) -> Quantity:
    def total(c: Comparison) -> Tensor:
        return renyi_value(c, order)

    def endless(c: Comparison) -> Tensor:
        raise InputError("order must be finite for densities that are neither normal nor finite; found inf.")

    if order == math.inf:
        return Quantity(total, endless, of_normals=lambda pair: pair.renyi(order))
    if order == 1:
        return Quantity(total, kl, of_normals=lambda pair: pair.renyi(1), of_torch=torch.distributions.kl_divergence)
    swaps, excess = order < 0.5, -order if order < 0.5 else order - 1
    factor = -1 / (1 - order) if swaps else 1 / excess

    def integrand(c: Comparison) -> Tensor:
        if order == 0:
            return torch.where(c.log_p == -math.inf, -c.q, 0.0)
        return power(c.swapped() if swaps else c, excess)

    return Quantity(
        total,
        integrand,
        finish=lambda extra: factor * math.log1p(extra) + 0.0 if extra > -1 else math.inf,
        slope=lambda extra: abs(factor / (1 + extra)) if extra > -1 else 0.0,
        of_normals=lambda pair: pair.renyi(order),
        tail=HEAVY if order > 1 else "",
    )
