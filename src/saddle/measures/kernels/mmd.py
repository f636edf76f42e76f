"""The squared maximum mean discrepancy under kernels of the distance."""

import math
from functools import partial
from typing import Literal

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.kernels.two_sample import two_sample_statistic
from saddle.measures.pairwise import distances
from saddle.measures.points import Features, Points, as_two_samples

KernelName = Literal["gaussian", "laplace", "rational-quadratic"]

MEDIAN_OF = 2000
"""The median is taken of the distances within this many examples at most."""


def mmd(
    x: Points,
    y: Points,
    *,
    kernel: KernelName = "gaussian",
    bandwidth: float | Literal["median"] = "median",
    features: Features | None = None,
) -> Estimate:
    """The squared maximum mean discrepancy E k(X,X') + E k(Y,Y') - 2 E k(X,Y), zero only where both laws are equal.

    The estimate is the unbiased U-statistic, negative about half of the time where the laws are equal, and never
    clipped. Gretton et al., "A kernel two-sample test", 2012, equation 3.

    Args:
        x: made samples, shape (n, ...), n >= 2; pictures are flattened.
        y: data, shape (m, ...), m >= 2.
        kernel: of the distance r and the bandwidth s: "gaussian" is exp(-r²/2s²), "laplace" is exp(-r/s) and
            "rational-quadratic" is 1 / (1 + r²/2s²), whose heavy tail still sees differences at many times s.
        bandwidth: s, in the units of `x`; "median" takes the median distance between any two examples of both sets
            together, or of 2,000 of them where there are more. Numbers are comparable at equal bandwidth only, which
            `method` names.
        features: what to measure instead of the examples themselves.

    Returns:
        The discrepancy, at most 2 for the laws themselves, with no error where n or m is below 4.

    Raises:
        InputError: when the kernel is unknown, the bandwidth is not positive, a set is too small or not finite, or the
            two do not fit together.
    """
    if kernel not in PROFILES:
        raise InputError(f"kernel must be one of {', '.join(PROFILES)}; found {kernel!r}.")
    if bandwidth != "median" and (isinstance(bandwidth, str) or not 0 < bandwidth < math.inf):
        raise InputError(f"bandwidth must be a positive number or 'median'; found {bandwidth!r}.")
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2, features=features)
    center = b.mean(0)
    a, b = a - center, b - center
    scale = median_distance(a, b) if bandwidth == "median" else float(bandwidth)
    name = f"{kernel} kernel of {'median ' if bandwidth == 'median' else ''}bandwidth {scale:.6g}"
    return two_sample_statistic(a, b, partial(PROFILES[kernel], bandwidth=scale), name)


def median_distance(x: Tensor, y: Tensor) -> float:
    """The median distance between two examples of both sets together.

    Raises:
        InputError: when it is zero, which leaves no scale to measure by.
    """
    pooled = torch.cat([x, y])
    if len(pooled) > MEDIAN_OF:
        generator = Stream(0).child("median distance").torch()
        pooled = pooled[torch.randperm(len(pooled), generator=generator)[:MEDIAN_OF]]
    median = float(torch.nn.functional.pdist(pooled).median())
    if median == 0:
        raise InputError("bandwidth must be given where most examples of x and y are equal; found a median of 0.")
    return median


def _gaussian(a: Tensor, b: Tensor, bandwidth: float) -> Tensor:
    return distances(a, b).square_().mul_(-0.5 / bandwidth**2).exp_()


def _laplace(a: Tensor, b: Tensor, bandwidth: float) -> Tensor:
    return distances(a, b).mul_(-1 / bandwidth).exp_()


def _rational_quadratic(a: Tensor, b: Tensor, bandwidth: float) -> Tensor:
    return distances(a, b).square_().mul_(0.5 / bandwidth**2).add_(1.0).reciprocal_()


PROFILES = {"gaussian": _gaussian, "laplace": _laplace, "rational-quadratic": _rational_quadratic}
