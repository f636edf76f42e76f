"""Entropy of probabilities and of densities."""

from typing import Any, TypeVar, overload

import numpy as np
import torch
from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.probability.comparison import Comparison
from saddle.measures.probability.density import Density, is_density
from saddle.measures.probability.normals import NormalPair
from saddle.measures.probability.of_densities import Quantity, measure_one
from saddle.measures.probability.outcome_sum import outcome_sum
from saddle.measures.probability.outcome_terms import Terms, weigh
from saddle.measures.probability.probabilities import as_probabilities, give_back, log_base, smallest

Array = TypeVar("Array", np.ndarray, Tensor)


@overload
def entropy(p: Array, *, base: float | None = None, draws: int = 100_000, seed: int = 0) -> Array: ...
@overload
def entropy(p: Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0) -> Estimate: ...
def entropy(p: Array | Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0) -> Array | Estimate:
    """H(P) = -Σ p log p: the mean information of an outcome (Shannon, 1948).

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density, whose differential entropy -∫ p log p is meant.
        base: of the logarithm; nats where None.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Of probabilities an array or tensor (...) between zero and log n, twelve digits in float64 even where one
        outcome is nearly certain, with gradients for tensors. Of densities an `Estimate`, of any sign: closed form
        where one is known, adaptive quadrature with its error bound in one and two dimensions, Monte Carlo with a 95 %
        interval beyond.

    Raises:
        InputError: when p is not a distribution or `base` is not above one.
    """
    unit = log_base(base)
    if is_density(p):
        assert isinstance(p, Density)
        return measure_one(_QUANTITY, p, unit, draws, seed)
    a = as_probabilities(p, "p")
    return give_back(outcome_sum(a, a.detach(), _TERMS, smallest(p)) / unit, p)


def _outcome(c: Comparison) -> Tensor:
    return weigh(c.p, -c.log_p)


def _slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    return -c.log_p, torch.zeros_like(c.p)


def _of_normals(pair: NormalPair) -> float:
    return pair.cross_entropy()


def _of_torch(p: Any, q: Any) -> Tensor:
    return p.entropy()


_TERMS = Terms(_outcome, _slopes)
_QUANTITY = Quantity(
    total=lambda c: _outcome(c).sum(-1),
    integrand=_outcome,
    of_normals=_of_normals,
    of_torch=_of_torch,
    mean_of=lambda c: -c.log_p,
)
