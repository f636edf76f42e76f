"""Cases of `saddle.measures`: transport between fixed clouds. Truths come from scipy, POT and closed forms."""

import math

import numpy as np
import torch
from case import TRANSPORT, Case
from scipy import linalg, stats
from scipy.optimize import linear_sum_assignment, linprog
from scipy.spatial.distance import cdist

from saddle.core.randomness import Stream
from saddle.measures import (
    dual_potential,
    frechet_distance,
    sinkhorn_divergence,
    sliced_wasserstein,
    wasserstein,
)

Array = np.ndarray


def clouds(n: int, m: int, d: int, *, shift: float = 0.0, scale: float = 1.0) -> tuple[Array, Array]:
    """Two fixed clouds, normal and uniform."""
    generator = np.random.default_rng([3, n, m, d])
    return generator.standard_normal((n, d)), generator.uniform(-2, 2, (m, d)) * scale + shift


def by_assignment(x: Array, y: Array, p: float) -> float:
    """W_p of clouds of equal size, by scipy's assignment."""
    costs = cdist(x, y) ** p
    rows, columns = linear_sum_assignment(costs)
    return float(costs[rows, columns].mean() ** (1 / p))


def by_program(x: Array, y: Array, p: float) -> float:
    """W_p of small clouds, as the linear program reads, by scipy's HiGHS."""
    n, m = len(x), len(y)
    costs = cdist(x, y) ** p
    rows, columns = np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))
    masses = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
    return float(linprog(costs.ravel(), A_eq=np.concatenate([rows, columns]), b_eq=masses).fun ** (1 / p))


def by_repeating(x: Array, y: Array, p: float) -> float:
    """W_p on the line: each point repeated until both sets are equally large, and sorted."""
    common = math.lcm(len(x), len(y))
    u = np.sort(np.repeat(x[:, 0], common // len(x)))
    v = np.sort(np.repeat(y[:, 0], common // len(y)))
    return float((np.abs(u - v) ** p).mean() ** (1 / p))


def by_pot(x: Array, y: Array) -> float:
    """W_1 by POT as a user would call it."""
    import ot

    return float(ot.emd2(ot.unif(len(x)), ot.unif(len(y)), ot.dist(x, y, metric="euclidean"), numItermax=10**7))


def sliced_by_scipy(x: Array, y: Array, directions: int) -> float:
    """The mean of scipy's distances along the very directions of seed 0."""
    generator = Stream(0).child("sliced wasserstein").torch()
    lines = torch.randn(x.shape[1], directions, generator=generator, dtype=torch.float64).numpy()
    lines /= np.linalg.norm(lines, axis=0)
    return float(np.mean([stats.wasserstein_distance(x @ line, y @ line) for line in lines.T]))


def entropic_by_pot(x: Array, y: Array, epsilon: float) -> float:
    """The least of ∫ C dπ + epsilon KL(π ‖ x ⊗ y), from POT's plan."""
    import ot

    a, b, costs = ot.unif(len(x)), ot.unif(len(y)), cdist(x, y, "sqeuclidean")
    plan = np.asarray(ot.bregman.sinkhorn_log(a, b, costs, epsilon, numItermax=100_000, stopThr=1e-11))
    return float((plan * costs).sum() + epsilon * (plan * np.log(plan / np.outer(a, b))).sum())


def sinkhorn_by_pot(x: Array, y: Array, epsilon: float) -> float:
    """The divergence from three of POT's plans."""
    own = entropic_by_pot(x, x, epsilon) + entropic_by_pot(y, y, epsilon)
    return entropic_by_pot(x, y, epsilon) - own / 2


def frechet_by_scipy(x: Array, y: Array) -> float:
    """The formula with scipy's matrix root."""
    gap, a, b = x.mean(0) - y.mean(0), np.cov(x.T), np.cov(y.T)
    return float(gap @ gap + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real))


def frechet_by_torchmetrics(x: Array, y: Array) -> float:
    """The formula as torchmetrics computes it."""
    from torchmetrics.image.fid import _compute_fid

    u, v = torch.from_numpy(x), torch.from_numpy(y)
    return float(_compute_fid(u.mean(0), torch.cov(u.T), v.mean(0), torch.cov(v.T)))


def nuclear(x: Array, y: Array) -> float:
    """The formula from the data themselves: the root's trace is the sum of singular values of both centered clouds."""
    gap, u, v = x.mean(0) - y.mean(0), x - x.mean(0), y - y.mean(0)
    u, v = u / math.sqrt(len(x) - 1), v / math.sqrt(len(y) - 1)
    return float(gap @ gap + (u**2).sum() + (v**2).sum() - 2 * np.linalg.svd(u @ v.T, compute_uv=False).sum())


LINE, UNEVEN = clouds(80, 80, 1, shift=0.5), clouds(60, 84, 1, scale=0.7)
FAR = (UNEVEN[0] + 1e6, UNEVEN[1] + 1e6)
PLANE, SMALL, HIGH = clouds(150, 150, 2), clouds(12, 17, 3), clouds(100, 100, 60, shift=0.1)
MANY = clouds(400, 300, 4)
MOVE = np.array([3.0, -4.0, 0.0])
SPACE = clouds(90, 90, 3)
SHIFTED = (SPACE[0], SPACE[0] + MOVE)
TEN, FLAT = clouds(300, 200, 10, scale=1.5), clouds(25, 28, 40)


def means_gap() -> float:
    """The gap of a potential's means."""
    potential = dual_potential(*MANY)
    return float(potential.on_x.mean() - potential.on_y.mean())


def frechet_raw(pair: tuple[Array, Array]) -> float:
    """The raw value."""
    return frechet_distance(*pair).raw.value


ROWS = [
    ("wasserstein", "line, 80 and 80 points, p = 1", lambda: wasserstein(*LINE).value,
     lambda: stats.wasserstein_distance(LINE[0][:, 0], LINE[1][:, 0]), "scipy"),
    ("wasserstein", "line, 60 and 84 points, p = 1", lambda: wasserstein(*UNEVEN).value,
     lambda: stats.wasserstein_distance(UNEVEN[0][:, 0], UNEVEN[1][:, 0]), "scipy"),
    ("wasserstein", "line, 60 and 84 points, p = 2", lambda: wasserstein(*UNEVEN, p=2).value,
     lambda: by_repeating(*UNEVEN, 2), "sorted repeats"),
    ("wasserstein", "line, 60 and 84 points, p = 3.5", lambda: wasserstein(*UNEVEN, p=3.5).value,
     lambda: by_repeating(*UNEVEN, 3.5), "sorted repeats"),
    ("wasserstein", "line, a million away from the origin", lambda: wasserstein(*FAR).value,
     lambda: stats.wasserstein_distance(FAR[0][:, 0], FAR[1][:, 0]), "scipy"),
    ("wasserstein", "plane, 150 and 150 points, p = 1", lambda: wasserstein(*PLANE).value,
     lambda: by_assignment(*PLANE, 1), "scipy's assignment"),
    ("wasserstein", "plane, 150 and 150 points, p = 2", lambda: wasserstein(*PLANE, p=2).value,
     lambda: by_assignment(*PLANE, 2), "scipy's assignment"),
    ("wasserstein", "60 dimensions, 100 and 100 points, p = 3", lambda: wasserstein(*HIGH, p=3).value,
     lambda: by_assignment(*HIGH, 3), "scipy's assignment"),
    ("wasserstein", "3 dimensions, 12 and 17 points, p = 1", lambda: wasserstein(*SMALL).value,
     lambda: by_program(*SMALL, 1), "scipy's linear program"),
    ("wasserstein", "3 dimensions, 12 and 17 points, p = 2", lambda: wasserstein(*SMALL, p=2).value,
     lambda: by_program(*SMALL, 2), "scipy's linear program"),
    ("wasserstein", "4 dimensions, 400 and 300 points, p = 1", lambda: wasserstein(*MANY).value,
     lambda: by_pot(*MANY), "POT called directly"),
    ("wasserstein", "a cloud moved by 5, p = 2", lambda: wasserstein(*SHIFTED, p=2).value, lambda: 5.0, "closed form"),
    ("dual_potential", "value, 4 dimensions, 400 and 300 points", lambda: dual_potential(*MANY).value.value,
     lambda: by_pot(*MANY), "POT called directly"),
    ("dual_potential", "gap of its means, the same", means_gap, lambda: by_pot(*MANY), "POT called directly"),
    ("sliced_wasserstein", "3 dimensions, 12 and 17 points", lambda: sliced_wasserstein(*SMALL).value,
     lambda: sliced_by_scipy(*SMALL, 128), "scipy on each direction"),
    ("sliced_wasserstein", "line, p = 2", lambda: sliced_wasserstein(*UNEVEN, p=2).value,
     lambda: by_repeating(*UNEVEN, 2), "sorted repeats"),
    ("sinkhorn_divergence", "plane, 150 points, epsilon 0.5", lambda: sinkhorn_divergence(*PLANE, epsilon=0.5).value,
     lambda: sinkhorn_by_pot(*PLANE, 0.5), "POT, three plans"),
    ("sinkhorn_divergence", "3 dimensions, 12 and 17 points, epsilon 0.1",
     lambda: sinkhorn_divergence(*SMALL, epsilon=0.1).value, lambda: sinkhorn_by_pot(*SMALL, 0.1), "POT, three plans"),
    ("sinkhorn_divergence", "a cloud moved by 5", lambda: sinkhorn_divergence(*SHIFTED).value, lambda: 25.0,
     "closed form"),
    ("frechet_distance", "raw, 300 and 200 points in 10 dimensions", lambda: frechet_raw(TEN),
     lambda: frechet_by_scipy(*TEN), "scipy.linalg.sqrtm"),
    ("frechet_distance", "raw, the same", lambda: frechet_raw(TEN), lambda: frechet_by_torchmetrics(*TEN),
     "torchmetrics"),
    ("frechet_distance", "raw, 25 and 28 points in 40 dimensions", lambda: frechet_raw(FLAT), lambda: nuclear(*FLAT),
     "singular values of the data"),
    ("frechet_distance", "raw, a cloud moved by 5", lambda: frechet_raw(SHIFTED), lambda: 25.0, "closed form"),
    ("frechet_distance", "raw, a cloud and its double", lambda: frechet_raw((TEN[0], 2 * TEN[0])),
     lambda: float(np.trace(np.cov(TEN[0].T)) + TEN[0].mean(0) @ TEN[0].mean(0)), "closed form"),
    ("frechet_distance", "corrected, a cloud moved by 5", lambda: frechet_distance(*SHIFTED).corrected.value,
     lambda: 25.0, "closed form"),
]  # fmt: skip

EXACT: list[Case] = [Case(*row, TRANSPORT) for row in ROWS]
