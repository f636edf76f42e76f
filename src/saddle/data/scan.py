"""One pass over an array too large for memory: its range, and whether every number is finite."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from saddle.core.errors import InputError

BLOCK_BYTES = 2**24
LARGEST = 1e150  # squares of larger numbers overflow


class Extent(NamedTuple):
    """The range of an array, example axis removed.

    Attributes:
        low: the smallest value of each coordinate, the shape of one example.
        high: the largest.
    """

    low: np.ndarray
    high: np.ndarray


def raw_blocks(array: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Consecutive rows in memory, a few megabytes at a time, each with the index of its first row."""
    row_bytes = max(1, array[:1].nbytes)
    step = max(1, BLOCK_BYTES // row_bytes)
    for start in range(0, len(array), step):
        yield start, np.asarray(array[start : start + step])


def blocks(array: np.ndarray, *, unit: float = 1.0) -> Iterator[np.ndarray]:
    """Consecutive rows as float64, in multiples of `unit`."""
    for _, block in raw_blocks(array):
        yield block.astype(np.float64) / unit


def extent(array: np.ndarray, *, what: str) -> Extent:
    """The range of each coordinate.

    Args:
        array: numbers, shape (n, ...), n at least 1.
        what: the name of the array in messages.

    Raises:
        InputError: when a number is missing, infinite or beyond 1e150.
    """
    lows, highs = [], []
    for start, block in raw_blocks(array):
        if block.dtype.kind == "f":
            bad = ~np.isfinite(block)
            if bad.any():
                place = tuple(int(index) for index in np.argwhere(bad)[0])
                first = f"{what}[{', '.join(str(index) for index in (start + place[0], *place[1:]))}]"
                raise InputError(
                    f"{what} must hold finite numbers only; found {block[place]} first at {first}; remove or fill it."
                )
            peak = float(np.abs(block).max())
            if peak > LARGEST:
                raise InputError(f"{what} must hold numbers up to 1e150 in size; found {peak:.3g}.")
        lows.append(block.min(0))
        highs.append(block.max(0))
    return Extent(np.min(lows, axis=0), np.max(highs, axis=0))
