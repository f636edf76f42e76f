"""Exact nearest neighbors by Euclidean distance."""

from typing import NamedTuple

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.pairwise import distance_blocks
from saddle.measures.points import Points, as_two_samples


class Neighbors(NamedTuple):
    """The nearest reference examples of each example.

    Attributes:
        distances: shape (n, k), ascending.
        indices: rows of the reference, shape (n, k).
    """

    distances: Tensor
    indices: Tensor


def nearest(x: Points, reference: Points, k: int = 1) -> Neighbors:
    """The k nearest reference examples of each example, exactly, a block of distances at a time.

    Args:
        x: examples, shape (n, ...); pictures are flattened.
        reference: examples, shape (m, ...).
        k: neighbors wanted, at most m.

    Raises:
        InputError: when `k` is not between 1 and m or the sets do not fit together.
    """
    a, b = as_two_samples(x, reference, ("x", "reference"))
    if not 1 <= k <= len(b):
        raise InputError(f"k must be between 1 and the {len(b)} reference examples; found {k}.")
    distances = a.new_full((len(a), k), torch.inf)
    indices = torch.zeros(len(a), k, dtype=torch.int64)
    for rows, columns, block in distance_blocks(a, b):
        positions = torch.arange(columns.start, columns.stop).expand_as(block)
        candidates = torch.cat([distances[rows], block], 1)
        origins = torch.cat([indices[rows], positions], 1)
        distances[rows], order = candidates.topk(k, dim=1, largest=False)
        indices[rows] = origins.gather(1, order)
    return Neighbors(distances, indices)


def neighbor_radii(x: Tensor, k: int) -> Tensor:
    """The distance from each row to its k-th nearest other row, shape (n,)."""
    radii = x.new_full((len(x), k), torch.inf)
    for rows, columns, block in distance_blocks(x, x):
        if rows == columns:
            block.fill_diagonal_(torch.inf)
        radii[rows] = torch.cat([radii[rows], block], 1).topk(k, dim=1, largest=False).values
    return radii[:, -1]
