"""The Jensen-Shannon divergence."""

from typing import TypeVar, overload

import numpy as np
from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.probability.density import Density
from saddle.measures.probability.f_divergence import divergence
from saddle.measures.probability.f_divergences import F_DIVERGENCES
from saddle.measures.probability.probabilities import log_base

Array = TypeVar("Array", np.ndarray, Tensor)


@overload
def js_divergence(p: Array, q: Array, *, base: float | None = None, draws: int = 100_000, seed: int = 0) -> Array: ...
@overload
def js_divergence(
    p: Density, q: Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Estimate: ...
def js_divergence(
    p: Array | Density, q: Array | Density, *, base: float | None = None, draws: int = 100_000, seed: int = 0
) -> Array | Estimate:
    """JSD(P, Q) = ½ KL(P‖M) + ½ KL(Q‖M) with M = ½ (P + Q) (Lin, 1991).

    The original GAN's best critic leaves the generator the value 2 JSD - log 4 (Goodfellow et al., 2014, theorem 1).

    Args:
        p: probabilities, shape (..., n), whose last axis sums to one to within the rounding of its dtype, which is
            divided out; or a density.
        q: the same for the second law; leading axes are broadcast.
        base: of the logarithm; nats where None.
        draws: of densities in more than two dimensions, for Monte Carlo.
        seed: of the draws.

    Returns:
        Between zero, for equal laws, and exactly log 2, for laws with disjoint supports. Of probabilities an array or
        tensor (...), twelve digits in float64 even for nearly equal laws, with gradients for tensors. Of densities an
        `Estimate`: adaptive quadrature with its error bound in one and two dimensions, Monte Carlo with a 95 % interval
        beyond.

    Raises:
        InputError: when p or q is not a distribution, or the two do not fit together.
    """
    return divergence(p, q, F_DIVERGENCES["jensen-shannon"], log_base(base), draws, seed)
