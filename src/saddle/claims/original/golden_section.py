"""Where curves with one top have it, found by comparing their heights alone."""

import math
from collections.abc import Callable

import numpy as np

GOLDEN = (math.sqrt(5) - 1) / 2
NEAR = 1e-6
"""How well a top can be found: near it a curve is flat, so that half of the digits of a float show nothing."""


def tops(curve: Callable[[np.ndarray], np.ndarray], count: int) -> np.ndarray:
    """For each of so many curves on (0, 1) the place of its top.

    Args:
        curve: the height of each at a place of its own, both of shape (count,).
        count: of curves.
    """
    low, high = np.zeros(count), np.ones(count)
    for _ in range(60):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        rising = curve(left) < curve(right)
        low, high = np.where(rising, left, low), np.where(rising, high, right)
    return (low + high) / 2
