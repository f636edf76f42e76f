"""Integrals over two densities by sampling both, with standard error."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.probability.comparison import Comparison, compare_logs
from saddle.measures.probability.density import View

FEWEST = 10


@dataclass(frozen=True)
class Sampled:
    """A mean over draws.

    Attributes:
        value: the mean; infinite where any term is.
        error: its standard error.
        n: how many draws, of each law where both were drawn.
        overlap: whether both densities were positive at any draw.
    """

    value: float
    error: float
    n: tuple[int, int] | int
    overlap: bool


def sample_integral(p: View, q: View, integrand: Callable[[Comparison], Tensor], draws: int, seed: int) -> Sampled:
    """The integral of `integrand` as a mean over the even mixture of p and q, half of the draws from each.

    The integrand is divided by the mixture's density, which is positive wherever either law has mass, so that no part
    of space is missed, and which bounds the terms of every bounded divergence.
    """
    stream, half = Stream(seed).child("monte carlo"), draws // 2
    means, variances, overlap = [], [], False
    for law, name, n in ((p, "p", draws - half), (q, "q", half)):
        c = _compared(p, q, law.sample(n, stream.child(name)))
        # Both densities over the mixture's, so that none of them overflows or underflows on its own.
        log_mixture = torch.logaddexp(c.log_p, c.log_q) - math.log(2)
        terms = integrand(compare_logs(c.log_p - log_mixture, c.log_q - log_mixture))
        means.append(float(terms.mean()))
        variances.append(float(terms.var()) / n)
        overlap |= bool(c.overlap())
    value = sum(means) / 2
    return Sampled(value, _finite_root(sum(variances), value) / 2, (draws - half, half), overlap)


def sample_mean(p: View, q: View, term: Callable[[Comparison], Tensor], draws: int, seed: int) -> Sampled:
    """The mean of `term` over draws of p."""
    points = p.sample(draws, Stream(seed).child("monte carlo", "p"))
    c = _compared(p, q, points)
    terms = term(c)
    value = float(terms.mean())
    return Sampled(value, _finite_root(float(terms.var()) / draws, value), draws, bool(c.overlap()))


def check_draws(draws: int, seed: int) -> None:
    """Refuse what cannot be a number of draws or a seed.

    Raises:
        InputError: when `draws` is not a whole number of at least 10 or `seed` is not a whole number.
    """
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or draws < FEWEST:
        raise InputError(f"draws must be a whole number of at least {FEWEST}; found {draws!r}.")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise InputError(f"seed must be a whole number; found {seed!r}.")


def _compared(p: View, q: View, points: np.ndarray) -> Comparison:
    log_p = torch.from_numpy(p.log_prob(points))
    return compare_logs(log_p, log_p if q is p else torch.from_numpy(q.log_prob(points)))


def _finite_root(variance: float, value: float) -> float:
    return math.sqrt(variance) if math.isfinite(variance) and math.isfinite(value) else 0.0
