"""Euclidean distances between all pairs of two sets, a block at a time."""

from collections.abc import Iterator

import torch
from torch import Tensor

BLOCK = 1024
DIRECT = 256
"""Up to this many numbers per example distances are summed directly; beyond, a matrix product is much faster."""


def distances(x: Tensor, y: Tensor) -> Tensor:
    """The distances between all rows of `x` and of `y`, shape (n, m); most exact where the origin lies between them."""
    mode = "donot_use_mm_for_euclid_dist" if x.shape[1] <= DIRECT else "use_mm_for_euclid_dist"
    return torch.cdist(x, y, compute_mode=mode)


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
    for i in range(0, len(x), BLOCK):
        rows = slice(i, min(i + BLOCK, len(x)))
        a = x[rows] - center
        for j in range(0, len(y), BLOCK):
            columns = slice(j, min(j + BLOCK, len(y)))
            yield rows, columns, distances(a, y[columns] - center)
