"""Cross-entropy of probabilities and of densities."""

from typing import Any, TypeVar, overload

import numpy as np
import torch
from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.probability.comparison import Comparison
from saddle.measures.probability.density import Density, is_density
from saddle.measures.probability.normals import NormalPair
from saddle.measures.probability.of_densities import Quantity, measure_pair
from saddle.measures.probability.outcome_sum import outcome_sum
from saddle.measures.probability.outcome_terms import Terms, weigh
from saddle.measures.probability.probabilities import as_two_probabilities, give_back, log_base, smallest

Array = TypeVar("Array", np.ndarray, Tensor)


@overload
def cross_entropy(p: Array, q: Array, *, base: float | None = None, draws: int = 100_000, seed: int = 0) -> Array: ...
@overload
def cross_entropy(
    p: Density, q: Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Estimate: ...
def cross_entropy(
    p: Array | Density, q: Array | Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Array | Estimate:
    """H(P, Q) = -Σ p log q = H(P) + KL(P‖Q): the mean information of P's outcomes to one who believes in Q.

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density.
        q: the same for the second law; leading axes are broadcast.
        base: of the logarithm; nats where None.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Infinite where q is zero and p is not. Of probabilities an array or tensor (...), never negative, with gradients
        for tensors. Of densities an `Estimate`, of any sign: closed form where one is known, adaptive quadrature with
        its error bound in one and two dimensions, Monte Carlo with a 95 % interval beyond.

    Raises:
        InputError: when p or q is not a distribution, or the two do not fit together.
    """
    unit = log_base(base)
    if is_density(p, q):
        assert isinstance(p, Density) and isinstance(q, Density)
        return measure_pair(_QUANTITY, p, q, unit, draws, seed)
    a, b = as_two_probabilities(p, q)
    return give_back(outcome_sum(a, b, _TERMS, smallest(p, q)) / unit, p, q)


def _outcome(c: Comparison) -> Tensor:
    return weigh(c.p, -c.log_q)


def _slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    return -c.log_q, -c.relative


def _of_normals(pair: NormalPair) -> float:
    return pair.cross_entropy()


def _of_torch(p: Any, q: Any) -> Tensor:
    return p.entropy() + torch.distributions.kl_divergence(p, q)


_TERMS = Terms(_outcome, _slopes)
_QUANTITY = Quantity(
    total=lambda c: _outcome(c).sum(-1),
    integrand=_outcome,
    of_normals=_of_normals,
    of_torch=_of_torch,
    mean_of=lambda c: -c.log_q,
)
