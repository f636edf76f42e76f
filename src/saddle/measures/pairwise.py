"""Euclidean distances between all pairs of two sets, a block at a time."""

from collections.abc import Iterator

import torch
from torch import Tensor

BLOCK = 1024
DIRECT = 256
"""Up to this many numbers per example distances are summed directly; beyond, a matrix product is much faster."""


def distance_blocks(x: Tensor, y: Tensor) -> Iterator[tuple[slice, slice, Tensor]]:
    """Every block of the distance matrix, so that no more than `BLOCK`² distances exist at once.

    Args:
        x: examples, shape (n, d), float64.
        y: examples, shape (m, d), float64.

    Yields:
        rows of `x`, rows of `y`, and the distances between them.
    """
    # The matrix product loses digits where both sets lie far from the origin: their common center becomes the origin.
    center = y.mean(0)
    mode = "donot_use_mm_for_euclid_dist" if x.shape[1] <= DIRECT else "use_mm_for_euclid_dist"
    for i in range(0, len(x), BLOCK):
        rows = slice(i, min(i + BLOCK, len(x)))
        a = x[rows] - center
        for j in range(0, len(y), BLOCK):
            columns = slice(j, min(j + BLOCK, len(y)))
            yield rows, columns, torch.cdist(a, y[columns] - center, compute_mode=mode)


def distance_sums(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The sum of distances from each row of `x` to all of `y`, shape (n,), and from each of `y` to all of `x`, (m,)."""
    to_y, to_x = x.new_zeros(len(x)), x.new_zeros(len(y))
    for rows, columns, block in distance_blocks(x, y):
        to_y[rows] += block.sum(1)
        to_x[columns] += block.sum(0)
    return to_y, to_x


def distance_sums_within(x: Tensor) -> Tensor:
    """The sum of distances from each row of `x` to all others, shape (n,); an example's own distance counts as zero."""
    sums = x.new_zeros(len(x))
    for rows, columns, block in distance_blocks(x, x):
        if rows == columns:
            block.fill_diagonal_(0.0)
        sums[rows] += block.sum(1)
    return sums
