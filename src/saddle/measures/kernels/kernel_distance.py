"""The kernel distance (KID): the squared maximum mean discrepancy under a polynomial kernel."""

import math
from functools import partial

from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.estimate import Estimate
from saddle.measures.kernels.two_sample import two_sample_statistic
from saddle.measures.points import Features, Points, as_two_samples


def kernel_distance(
    x: Points,
    y: Points,
    *,
    degree: int = 3,
    gamma: float | None = None,
    coef0: float = 1.0,
    features: Features | None = None,
) -> Estimate:
    """The squared discrepancy under k(x, y) = (gamma <x, y> + coef0)^degree: KID, where the features are Inception's.

    It compares the moments of both laws up to `degree`, and is zero where these are equal. The estimate is the unbiased
    U-statistic over all pairs, not an average over subsets; equal laws give zero on average, and values are never
    clipped. Bińkowski et al., "Demystifying MMD GANs", 2018, section 4.

    Args:
        x: made samples, shape (n, ...), n >= 2; pictures are flattened.
        y: data, shape (m, ...), m >= 2.
        degree: of the polynomial, at least 1.
        gamma: positive; 1/d where not given, with d numbers per example.
        coef0: the constant, not negative.
        features: what to measure instead of the examples themselves.

    Returns:
        The squared distance, which depends on where the origin lies, with no error where n or m is below 4.

    Raises:
        InputError: when a parameter is out of range, a set is too small or not finite, or the two do not fit together.
    """
    if isinstance(degree, bool) or not isinstance(degree, int) or degree < 1:
        raise InputError(f"degree must be a whole number of at least 1; found {degree!r}.")
    if gamma is not None and not 0 < gamma < math.inf:
        raise InputError(f"gamma must be positive; found {gamma}.")
    if not 0 <= coef0 < math.inf:
        raise InputError(f"coef0 must not be negative; found {coef0}.")
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2, features=features)
    slope = 1 / a.shape[1] if gamma is None else gamma
    name = f"kernel ({slope:.4g} <x,y> + {coef0:g})^{degree}"
    return two_sample_statistic(a, b, partial(_polynomial, degree=degree, gamma=slope, coef0=coef0), name)


def _polynomial(a: Tensor, b: Tensor, degree: int, gamma: float, coef0: float) -> Tensor:
    return (a @ b.T).mul_(gamma).add_(coef0).pow_(degree)
