"""Noise that never exceeds a bound, on laws of finitely many points of a line.

Its density on [-s, s] is 15/16 (1 - (x/s)²)²/s, which ends without a corner.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

VARIANCE = 1 / 7
"""Of the noise with s = 1."""


@dataclass(frozen=True)
class Atoms:
    """A law of finitely many points.

    Attributes:
        places: shape (n,).
        weights: shape (n,), of sum one.
    """

    places: np.ndarray
    weights: np.ndarray


def density(x: np.ndarray, reach: float) -> np.ndarray:
    """Of the noise alone, within [-reach, reach]; noise without reach has no density."""
    if reach == 0:
        return np.zeros_like(x)
    return 15 / 16 * np.maximum(1 - (x / reach) ** 2, 0) ** 2 / reach


def slope(x: np.ndarray, reach: float) -> np.ndarray:
    """The derivative of that density."""
    if reach == 0:
        return np.zeros_like(x)
    return -15 / 4 * x * np.maximum(1 - (x / reach) ** 2, 0) / reach**3


def cumulative(x: Tensor, reach: float) -> Tensor:
    """The chance that the noise is at most x; noise without reach is zero."""
    u = (x / max(reach, 1e-300)).clamp(-1, 1)
    return 0.5 + 15 / 16 * (u - 2 * u**3 / 3 + u**5 / 5)


def drawn(count: int, reach: float, generator: np.random.Generator) -> np.ndarray:
    """So many draws of the noise."""
    return reach * (2 * generator.beta(3, 3, count) - 1)


def noised(x: np.ndarray, law: Atoms, reach: float) -> np.ndarray:
    """The density at x of the law with noise added: the mean of the noise's density around its points."""
    return density(x[:, None] - law.places, reach) @ law.weights


def nodes(cuts: np.ndarray, per_piece: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of Gauss-Legendre quadrature between all neighbors of `cuts`."""
    x, w = np.polynomial.legendre.leggauss(per_piece)
    ends = np.unique(cuts)
    ends = ends[np.r_[True, np.diff(ends) > 1e-12]]
    half = np.diff(ends)[:, None] / 2
    return ((ends[:-1, None] + half) + half * x).ravel(), (half * w).ravel()


def noised_jsd(p: Atoms, q: Atoms, reach: float) -> float:
    """The Jensen-Shannon divergence of two laws with noise, in nats, by quadrature."""
    places = np.concatenate([p.places, q.places])
    x, w = nodes(np.concatenate([places - reach, places + reach]))
    a, b = noised(x, p, reach), noised(x, q, reach)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(one > 0, one * np.log(2 * one / (a + b)), 0) for one in (a, b)]
    return max(float(w @ (terms[0] + terms[1])) / 2, 0.0)


def cells(edges: Tensor, place: Tensor, reach: float) -> Tensor:
    """The chances that a point at `place` with noise falls between neighboring edges, which must enclose it."""
    return cumulative(edges - place, reach).diff()
