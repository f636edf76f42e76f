"""The formulas of the neighborhood measures as the papers write them, by other means, to judge saddle's by."""

import math
from fractions import Fraction

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma


def four_shares(x: np.ndarray, y: np.ndarray, k: tuple[int, int] = (3, 5)) -> dict[str, float]:
    """Precision and recall at the first k, density and coverage at the second, of samples x and data y."""
    in_data = _within(y, x, k[0])
    in_samples = _within(x, y, k[0])
    wide = _within(y, x, k[1])
    return {
        "precision": float((in_data > 0).any(0).mean()),
        "recall": float((in_samples > 0).any(0).mean()),
        "density": float(wide.sum() / (k[1] * len(x))),
        "coverage": float(wide.any(1).mean()),
    }


def _within(centers: np.ndarray, points: np.ndarray, k: int) -> np.ndarray:
    """Which center's ball holds which point, from all distances at once."""
    from scipy.spatial.distance import cdist

    radii = np.partition(cdist(centers, centers), k, axis=1)[:, k]
    return cdist(centers, points) <= radii[:, None]


def shares_by_loops(x: np.ndarray, y: np.ndarray, k: int) -> dict[str, float]:
    """The same four at one k, one pair at a time."""

    def radius(points: np.ndarray, i: int) -> float:
        return sorted(math.dist(points[i], other) for other in points)[k]

    inside = [[math.dist(center, point) <= radius(y, i) for point in x] for i, center in enumerate(y)]
    other = [[math.dist(center, point) <= radius(x, i) for point in y] for i, center in enumerate(x)]
    return {
        "precision": sum(map(any, zip(*inside, strict=True))) / len(x),
        "recall": sum(map(any, zip(*other, strict=True))) / len(y),
        "density": sum(map(sum, inside)) / (k * len(x)),
        "coverage": sum(map(any, inside)) / len(y),
    }


def expected_coverage(n: int, m: int, k: int) -> Fraction:
    """One less the chance that the k nearest of all others are data: one choice of k among many."""
    return 1 - Fraction(math.comb(m - 1, k), math.comb(n + m - 1, k))


def kl(x: np.ndarray, y: np.ndarray, k: int) -> float:
    """Nearest-neighbor estimate of KL by k-d trees."""
    own = cKDTree(x).query(x, k + 1)[0][:, -1]
    other = cKDTree(y).query(x, [k])[0][:, 0]
    return x.shape[1] * float(np.log(other / own).mean()) + float(digamma(len(y) + 1) - digamma(len(x)))


def js(x: np.ndarray, y: np.ndarray, k: int) -> float:
    """Mutual information of point and set, of two sets of one size, by k-d trees."""
    n, tree = len(x), cKDTree(np.concatenate([x, y]))
    radii = np.concatenate([cKDTree(one).query(one, k + 1)[0][:, -1] for one in (x, y)])
    nearby = tree.query_ball_point(np.concatenate([x, y]), radii * (1 + 1e-12), return_length=True) - 1
    return float(digamma(2 * n) + digamma(k) - digamma(n) - digamma(nearby).mean())


def two_neighbors(x: np.ndarray) -> float:
    """TwoNN by a k-d tree and a least-squares fit."""
    distances = cKDTree(x).query(x, 3)[0]
    ratios = np.sort(np.log(distances[:, 2] / distances[:, 1]))[: int(0.9 * len(x))]
    heights = -np.log(1 - np.arange(1, len(ratios) + 1) / len(x))
    return float(np.linalg.lstsq(ratios[:, None], heights, rcond=None)[0][0])


def maximum_likelihood(x: np.ndarray, k: int) -> float:
    """The dimension of Levina & Bickel, inverses averaged, by a k-d tree."""
    distances = cKDTree(x).query(x, k + 1)[0][:, 1:]
    return 1 / float(np.mean([np.log(row[-1] / row[:-1]).mean() for row in distances]))


def neighbors_accuracy(x: np.ndarray, y: np.ndarray, generator: np.random.Generator) -> float:
    """The accuracy of a vote of the √n nearest, trained on half of both sets and tested on the other."""
    x, y = generator.permutation(x), generator.permutation(y)
    half, rest = len(x) // 2, len(x) - len(x) // 2
    tree = cKDTree(np.concatenate([x[:half], y[:half]]))
    k = math.isqrt(2 * half)
    votes = tree.query(np.concatenate([x[half:], y[half:]]), k)[1] >= half
    return float(((2 * votes.sum(1) > k) == np.repeat([False, True], rest)).mean())
