"""Exact nearest neighbors by Euclidean distance."""

from typing import NamedTuple

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.neighbors.neighbor_count import check_neighbor_count
from saddle.measures.pairwise import BLOCK, DIRECT, distance_blocks
from saddle.measures.points import Features, Points, as_two_samples


class Neighbors(NamedTuple):
    """The nearest reference examples of each example.

    Attributes:
        distances: shape (n, k), ascending.
        indices: rows of the reference, shape (n, k).
    """

    distances: Tensor
    indices: Tensor


def nearest(x: Points, reference: Points, k: int = 1, *, features: Features | None = None) -> Neighbors:
    """The k nearest reference examples of each example, exactly, a block of distances at a time.

    Args:
        x: examples, shape (n, ...); pictures are flattened.
        reference: examples, shape (m, ...).
        k: neighbors wanted, at most m.
        features: what to measure instead of the examples themselves.

    Raises:
        InputError: when `k` is not a whole number between 1 and m or the sets do not fit together.
    """
    a, b = as_two_samples(x, reference, ("x", "reference"), features=features)
    check_neighbor_count(k)
    if k > len(b):
        raise InputError(f"k must be between 1 and the {len(b)} reference examples; found {k}.")
    return neighbors_among(a, b, k)


def neighbors_among(x: Tensor, reference: Tensor, k: int) -> Neighbors:
    """The k nearest rows of the reference for each row of `x`; both float64, k at most the reference's length.

    Where `x` *is* the reference, the same tensor, no row is its own neighbor.
    """
    within = x is reference
    distances = x.new_full((len(x), k), torch.inf)
    indices = torch.zeros(len(x), k, dtype=torch.int64)
    for rows, columns, block in distance_blocks(x, reference):
        if within and rows == columns:
            block.fill_diagonal_(torch.inf)
        found, places = _nearer(block, distances[rows, -1:])
        candidates = torch.cat([distances[rows], found], 1)
        origins = torch.cat([indices[rows], places + columns.start], 1)
        distances[rows], order = candidates.topk(k, dim=1, largest=False)
        indices[rows] = origins.gather(1, order)
    if x.shape[1] > DIRECT:
        # Distances by matrix product lose half of their digits where they are small: copies must come out at zero.
        distances, order = _directly(x, reference, indices).sort(1)
        indices = indices.gather(1, order)
    return Neighbors(distances, indices)


def _directly(x: Tensor, reference: Tensor, indices: Tensor) -> Tensor:
    """The distance from each row of `x` to each of the rows of the reference named in its row of `indices`."""
    distances = x.new_empty(indices.shape)
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        for place in range(indices.shape[1]):
            distances[rows, place] = (x[rows] - reference[indices[rows, place]]).norm(dim=1)
    return distances


def _nearer(block: Tensor, reach: Tensor) -> tuple[Tensor, Tensor]:
    """The distances of a block below each row's reach and their columns, in rows filled up with infinity.

    After the first block few distances are, so that sorting out the k smallest of them costs little.
    """
    row, column = (block < reach).nonzero(as_tuple=True)
    if 4 * len(row) > block.numel():
        return block, torch.arange(block.shape[1]).expand_as(block)
    counts = torch.bincount(row, minlength=len(block))
    place = torch.arange(len(row)) - (counts.cumsum(0) - counts)[row]
    shape = len(block), int(counts.max())
    found, columns = block.new_full(shape, torch.inf), torch.zeros(shape, dtype=torch.int64)
    found[row, place], columns[row, place] = block[row, column], column
    return found, columns
