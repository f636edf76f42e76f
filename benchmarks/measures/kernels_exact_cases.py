"""Cases of `saddle.measures`: kernels between fixed clouds. Truths come from scipy, torchmetrics and closed forms."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from case import TRANSPORT, Case
from scipy import stats
from scipy.spatial.distance import cdist

from saddle.measures import energy_distance, kernel_distance, mmd

Array = np.ndarray


def clouds(n: int, m: int, d: int, *, shift: float = 0.0, scale: float = 1.0) -> tuple[Array, Array]:
    """Two fixed normal clouds for the exact cases."""
    generator = np.random.default_rng(7)
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) * scale + shift


def by_cdist(x: Array, y: Array, kernel: Callable[[Array], Array], metric: Any = "euclidean") -> float:
    """The U-statistic from three whole matrices of scipy."""
    n, m = len(x), len(y)
    xx, yy, xy = kernel(cdist(x, x, metric)), kernel(cdist(y, y, metric)), kernel(cdist(x, y, metric))
    within = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1))
    return float(within - 2 * xy.mean())


def by_scipy_energy(x: Array, y: Array) -> float:
    """scipy's energy distance, squared, with the diagonal that it counts taken out."""
    n, m = len(x), len(y)
    counted = stats.energy_distance(x[:, 0], y[:, 0]) ** 2
    return float(counted - cdist(x, x).mean() / (n - 1) - cdist(y, y).mean() / (m - 1))


def by_torchmetrics(x: Array, y: Array) -> float:
    """The polynomial kernel's U-statistic as torchmetrics' KID computes it on one subset."""
    from torchmetrics.image.kid import poly_mmd

    return float(poly_mmd(torch.from_numpy(x), torch.from_numpy(y)))


def linear_kernel(x: Array, y: Array) -> float:
    """With k = <x, y> the statistic is the squared gap of the means, less what noise adds to it."""
    gap = x.mean(0) - y.mean(0)
    return float(gap @ gap - np.trace(np.cov(x.T)) / len(x) - np.trace(np.cov(y.T)) / len(y))


def median(x: Array, y: Array) -> float:
    """The lower median distance of all pairs, as torch's median is."""
    pooled = np.concatenate([x, y])
    distances = np.sort(cdist(pooled, pooled)[np.triu_indices(len(pooled), 1)])
    return float(distances[(len(distances) - 1) // 2])


A = clouds(60, 45, 3, shift=0.4, scale=1.3)
LINE = clouds(50, 70, 1, shift=0.5)
FAR = (A[0] + 1e6, A[1] + 1e6)
WIDE = clouds(40, 40, 300, shift=0.1)
EQUAL_N = clouds(50, 50, 8, shift=0.3)

EXACT: list[Case] = [
    Case(
        "energy_distance",
        "50 and 70 points on the line",
        lambda: energy_distance(*LINE).value,
        lambda: by_scipy_energy(*LINE),
        "scipy, root and diagonal undone",
        TRANSPORT,
    ),
    Case(
        "energy_distance",
        "60 and 45 points in 3 dimensions",
        lambda: energy_distance(*A).value,
        lambda: by_cdist(*A, lambda r: -r),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "energy_distance",
        "the same, a million away from the origin",
        lambda: energy_distance(*FAR).value,
        lambda: by_cdist(*FAR, lambda r: -r),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "energy_distance",
        "40 points each in 300 dimensions",
        lambda: energy_distance(*WIDE).value,
        lambda: by_cdist(*WIDE, lambda r: -r),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "mmd",
        "gaussian kernel of bandwidth 0.7",
        lambda: mmd(*A, bandwidth=0.7).value,
        lambda: by_cdist(*A, lambda r: np.exp(-r / (2 * 0.7**2)), "sqeuclidean"),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "mmd",
        "gaussian kernel of the median bandwidth",
        lambda: mmd(*EQUAL_N).value,
        lambda: by_cdist(*EQUAL_N, lambda r: np.exp(-r / (2 * median(*EQUAL_N) ** 2)), "sqeuclidean"),
        "scipy.spatial.pdist",
        TRANSPORT,
    ),
    Case(
        "mmd",
        "laplace kernel of bandwidth 2",
        lambda: mmd(*A, kernel="laplace", bandwidth=2).value,
        lambda: by_cdist(*A, lambda r: np.exp(-r / 2)),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "mmd",
        "rational-quadratic kernel of bandwidth 1.5",
        lambda: mmd(*A, kernel="rational-quadratic", bandwidth=1.5).value,
        lambda: by_cdist(*A, lambda r: 1 / (1 + r / (2 * 1.5**2)), "sqeuclidean"),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
    Case(
        "kernel_distance",
        "50 points each in 8 dimensions, defaults",
        lambda: kernel_distance(*EQUAL_N).value,
        lambda: by_torchmetrics(*EQUAL_N),
        "torchmetrics, one subset of all",
        TRANSPORT,
    ),
    Case(
        "kernel_distance",
        "degree 1: the gap of the means",
        lambda: kernel_distance(*A, degree=1, gamma=1.0, coef0=0.0).value,
        lambda: linear_kernel(*A),
        "closed form",
        TRANSPORT,
    ),
    Case(
        "kernel_distance",
        "degree 2, gamma 0.5, constant 3, unequal n",
        lambda: kernel_distance(*A, degree=2, gamma=0.5, coef0=3.0).value,
        lambda: by_cdist(*A, lambda k: k, lambda a, b: (0.5 * float(a @ b) + 3) ** 2),
        "scipy.spatial.cdist",
        TRANSPORT,
    ),
]
