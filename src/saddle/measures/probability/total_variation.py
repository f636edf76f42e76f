"""The total variation distance."""

from typing import TypeVar, overload

import numpy as np
from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.probability.density import Density
from saddle.measures.probability.f_divergence import divergence
from saddle.measures.probability.f_divergences import F_DIVERGENCES

Array = TypeVar("Array", np.ndarray, Tensor)


@overload
def total_variation(p: Array, q: Array, *, draws: int = 100_000, seed: int = 0) -> Array: ...
@overload
def total_variation(p: Density, q: Density, *, draws: int = 100_000, seed: int = 0) -> Estimate: ...
def total_variation(p: Array | Density, q: Array | Density, *, draws: int = 100_000, seed: int = 0) -> Array | Estimate:
    """TV(P, Q) = ½ Σ |p - q|: the largest difference of the probabilities that P and Q give to one event.

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density.
        q: the same for the second law; leading axes are broadcast.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Between zero, for equal laws, and exactly one, for laws with disjoint supports. Of probabilities an array or
        tensor (...), with gradients for tensors (zero where p = q). Of densities an `Estimate`: adaptive quadrature
        with its error bound in one and two dimensions, Monte Carlo with a 95 % interval beyond. In two dimensions the
        edge where p = q keeps quadrature to about six digits; the error says how many.

    Raises:
        InputError: when p or q is not a distribution, or the two do not fit together.
    """
    return divergence(p, q, F_DIVERGENCES["total-variation"], 1.0, draws, seed)
