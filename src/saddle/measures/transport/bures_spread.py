"""How the squared Bures distance of two fitted normal laws spreads over repeated samples."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from saddle.measures.transport.bures import Moments, kept

PAIRS = 20_000
"""Pairs of examples over which the second-order variance is averaged."""
AT_ONCE = 1 << 22
"""Numbers in the pairs that are held at once."""


class BuresSpread(NamedTuple):
    """Two parts of the variance.

    Attributes:
        first: of the first order in 1/n, as estimated from the examples: at equal laws it comes out at twice the
            second, though it is zero.
        second: of the second order, at equal laws.
    """

    first: float
    second: float


def bures_spread(x: Tensor, y: Tensor, a: Moments, b: Moments) -> BuresSpread:
    """The variance of the squared Bures distance, for examples of any law with fourth moments.

    To the first order an example x moves the distance by its potential 2 <m - m', x - m> + (x - m)ᵀ(I - T)(x - m),
    where T is the optimal map from one normal law to the other. To the second order a pair moves it by
    k(x, y) = <x - m, y - m'> + ½ Σ_ij G_ij (u_i u_j - δ_ij)(v_i v_j - δ_ij), where u and v are both examples in the
    basis of (C^½ C' C^½)^½ scaled to unit variance, and G_ij = s_i s_j / (s_i + s_j) with that matrix's eigenvalues s.

    Args:
        x: shape (n, d), float64.
        y: shape (m, d), float64.
        a: the moments of `x`.
        b: the moments of `y`.
    """
    n, m = len(x), len(y)
    x, y, gap = x - a.mean, y - b.mean, a.mean - b.mean
    values, vectors = torch.linalg.eigh(a.covariance)
    root = kept(values).sqrt()
    half = (vectors * root) @ vectors.T
    squares, basis = torch.linalg.eigh(half @ b.covariance @ half)
    s = kept(squares).sqrt()
    u = x @ ((vectors * _inverse(root)) @ vectors.T @ basis)
    v = y @ (half @ basis * _inverse(s))
    on_x = 2 * x @ gap + x.square().sum(1) - u.square() @ s
    on_y = -2 * y @ gap + y.square().sum(1) - v.square() @ s
    first = float(on_x.var() / n + on_y.var() / m)
    # Scaling by the sample's own covariance shrinks the pairs' kernel by about this much.
    rank = float(s.sum() ** 2 / s.square().sum()) if bool(s.any()) else 0.0
    shrinkage = math.sqrt(max(1 - rank / n, 0.1) * max(1 - rank / m, 0.1))
    return BuresSpread(first, 2 * (1 / n + 1 / m) ** 2 * _mean_square_kernel(x, y, u, v, s) / shrinkage)


def _inverse(values: Tensor) -> Tensor:
    return torch.where(values > 0, 1 / values, torch.zeros_like(values))


def _mean_square_kernel(x: Tensor, y: Tensor, u: Tensor, v: Tensor, s: Tensor) -> float:
    """The mean of k² over pairs of one example of each set."""
    total = s[:, None] + s
    weights = torch.where(total > 0, s[:, None] * s / total, torch.zeros_like(total))
    n, m, longer = len(x), len(y), max(len(x), len(y))
    trace_x, trace_y = u.square() @ s / 2, v.square() @ s / 2
    shifts = min(n, m, math.ceil(PAIRS / longer))
    step = max(1, AT_ONCE // x.shape[1])
    mean_square = 0.0
    for shift in range(shifts):
        for start in range(0, longer, step):
            k = torch.arange(start, min(start + step, longer))
            i, j = k % n, (k + shift) % m
            both = u[i] * v[j]
            centered = ((both @ weights) * both).sum(1) - trace_x[i] - trace_y[j] + s.sum() / 2
            kernel = (x[i] * y[j]).sum(1) + centered / 2
            mean_square += float(kernel.square().sum()) / (shifts * longer)
    return mean_square
