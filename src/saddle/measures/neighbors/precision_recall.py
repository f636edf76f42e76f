"""Precision and recall of samples by nearest-neighbor balls."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.neighbors.covering import enough_for_halves, pairs_in_balls, two_samples_for_balls
from saddle.measures.neighbors.halvings import halved_share, halvings, sums_by_half
from saddle.measures.points import Features, Points


class PrecisionRecall(NamedTuple):
    """Two shares in [0, 1].

    Attributes:
        precision: samples that lie where data are; low for samples unlike the data.
        recall: data that lie where samples are; low where samples lack variety.
    """

    precision: Estimate
    recall: Estimate


def precision_recall(
    samples: Points, data: Points, k: int = 3, *, features: Features | None = None, seed: int = 0
) -> PrecisionRecall:
    """Precision and recall after Kynkäänniemi et al., "Improved precision and recall metric", 2019.

    A set's manifold is the union of balls around its examples, each reaching its k-th nearest neighbor within the set.
    Precision is the share of samples in the manifold of the data, recall the share of data in that of the samples. Even
    equal laws score below one, by an amount that depends on n and the dimension, so compare at equal n only: the
    intervals are of the expected value at this n, radii and all.

    Args:
        samples: shape (n, ...), n > k; pictures are flattened, or give features.
        data: shape (m, ...), m > k.
        k: neighbors.
        features: what to measure instead of the examples themselves.
        seed: of the random halvings behind the errors.

    Returns:
        Two shares; without error where a set has fewer than 2k + 2 examples.

    Raises:
        InputError: when a set is too small or the two do not fit together.
    """
    x, y = two_samples_for_balls(samples, data, k, features)
    n, stream = (len(x), len(y)), Stream(seed).child("precision and recall")
    of_x, of_y = halvings(n[0], stream.child("samples")), halvings(n[1], stream.child("data"))
    return PrecisionRecall(_covered(y, x, k, (of_y, of_x), n), _covered(x, y, k, (of_x, of_y), n))


def _covered(
    centers: Tensor, points: Tensor, k: int, halves: tuple[np.ndarray, np.ndarray], n: tuple[int, int]
) -> Estimate:
    """The share of points in the balls of the centers; `halves` of the centers first."""
    inside, inside_halves = np.zeros(len(points), dtype=bool), np.zeros(len(points), dtype=np.uint32)
    for pairs in pairs_in_balls(centers, points, k, *halves):
        inside[pairs.point[pairs.inside]] = True
        np.bitwise_or.at(inside_halves, pairs.point, pairs.halves)
    share, method = float(inside.mean()), f"balls to neighbor {k}"
    note = "equal laws score below one; compare at equal n"
    if not enough_for_halves(centers, points, k):
        return Estimate(share, None, None, method, n, f"too few examples for an error; {note}")
    sizes = np.array([[len(points) // 2], [len(points) - len(points) // 2]])
    by_half = sums_by_half(inside_halves, halves[1]) / sizes
    return halved_share(share, by_half, len(points), independent=True, n=n, method=method, note=note)
