"""Which points lie in which balls: what precision, recall, density and coverage count."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from torch import Tensor

from saddle.measures.neighbors.halvings import packed, unpacked
from saddle.measures.neighbors.nearest import Neighbors, neighbors_among
from saddle.measures.neighbors.neighbor_count import check_neighbor_count
from saddle.measures.pairwise import BLOCK, distance_blocks
from saddle.measures.points import Features, Points, as_two_samples


class Pairs(NamedTuple):
    """Points inside balls, a block at a time; the balls reach their centers' k-th nearest neighbors.

    Attributes:
        ball: its row, shape (pairs,), ascending.
        point: its row, shape (pairs,).
        inside: whether the ball of the whole set holds the point; the others do in some halving.
        halves: a word each, whose bit r tells whether, in halving r, both are in the same half and the ball that the
            center has within its half holds the point.
    """

    ball: np.ndarray
    point: np.ndarray
    inside: np.ndarray
    halves: np.ndarray


def pairs_in_balls(
    centers: Tensor, points: Tensor, k: int, center_halves: np.ndarray, point_halves: np.ndarray
) -> Iterator[Pairs]:
    """Every point in every k-th neighbor ball, of the whole sets and of the halves of each halving.

    Args:
        centers: shape (m, d), float64.
        points: shape (n, d), float64.
        k: neighbors.
        center_halves: a word of halves for each center.
        point_halves: a word of halves for each point.
    """
    # The k-th neighbor within a half is about the 2k-th of all, and beyond this many but for one center in a thousand.
    listed = min(len(centers) - 1, 2 * k + math.ceil(4 * math.sqrt(2 * k)))
    neighbors = neighbors_among(centers, centers, listed)
    reach = neighbors.distances[:, -1:]
    within = _ranks_within_halves(neighbors, k, center_halves)
    for balls, others, block in distance_blocks(centers, points):
        ball, point = (block <= reach[balls]).nonzero(as_tuple=True)
        distance = block[ball, point]
        inside = (distance <= neighbors.distances[balls, k - 1][ball]).numpy()
        ball, point = ball.numpy() + balls.start, point.numpy() + others.start
        # A ball within a half is never smaller than the whole set's.
        halves = ~(center_halves[ball] ^ point_halves[point])
        beyond = np.flatnonzero(~inside)
        ranks = (neighbors.distances[ball[beyond]] < distance[beyond, None]).sum(1).numpy()
        halves[beyond] &= within[ball[beyond], ranks]
        yield Pairs(ball, point, inside, halves)


def _ranks_within_halves(neighbors: Neighbors, k: int, halves: np.ndarray) -> np.ndarray:
    """Words whose bit r tells whether fewer than k of the first t neighbors share the center's half; (m, listed)."""
    words = np.empty(neighbors.indices.shape, dtype=np.uint32)
    for start in range(0, len(words), BLOCK):
        rows = slice(start, start + BLOCK)
        same = ~(halves[neighbors.indices[rows].numpy()] ^ halves[rows, None])
        nearer = np.zeros((len(same), unpacked(same[:1, 0]).shape[-1]), dtype=np.uint8)
        for t in range(same.shape[1]):
            words[rows, t] = packed(nearer < k)
            nearer += unpacked(same[:, t])
    return words


def two_samples_for_balls(samples: Points, data: Points, k: int, features: Features | None) -> tuple[Tensor, Tensor]:
    """Both sets as matrices, each with more than k examples.

    Raises:
        InputError: when `k` is not a whole number of at least one, a set has at most `k` examples, or the two do not
            fit together.
    """
    check_neighbor_count(k)
    return as_two_samples(samples, data, ("samples", "data"), at_least=k + 1, features=features)


def enough_for_halves(x: Tensor, y: Tensor, k: int) -> bool:
    """Whether either half of either set has more than k examples, so that halving can tell the error."""
    return min(len(x), len(y)) // 2 > k
