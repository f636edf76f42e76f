"""Examples that equal others, which laws with densities do not give."""

from torch import Tensor

FEW = 0.01
"""The share of repeated examples that finite precision may bring about: it moves a mean of log distances by less than
.01 / (k - 1)."""


def repeated(x: Tensor) -> int:
    """How many rows of a matrix equal another of its rows."""
    counts = x.unique(dim=0, return_counts=True)[1]
    return int(counts[counts > 1].sum())
