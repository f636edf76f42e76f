"""How heavy a tail is: Hill's estimate of the index."""

import math
from typing import NamedTuple

import numpy as np


class TailIndex(NamedTuple):
    """α of a tail P(|X| > x) ~ x^-α: no mean where α is at most 1, no variance where it is at most 2.

    Attributes:
        value: the estimate.
        error: its standard error.
        largest: how many of the greatest numbers it is taken from.
    """

    value: float
    error: float
    largest: int


def tail_index(values: np.ndarray, share: float = 0.05) -> TailIndex:
    """Hill's estimate from the greatest absolute values.

    One over the mean of log |X| above its threshold (Hill 1975, A Simple General Approach to Inference About the Tail
    of a Distribution). Of a tail that is no power it measures the slope of log P against log x beyond the threshold,
    which is large where the tail is light.

    Args:
        values: independent numbers.
        share: of them that counts as the tail.
    """
    count = max(2, int(share * values.size))
    largest = np.sort(np.abs(values), axis=None)[-count - 1 :]
    index = 1 / float(np.mean(np.log(largest[1:] / largest[0])))
    return TailIndex(index, index / math.sqrt(count), count)
