"""Several tests at once."""

from collections.abc import Sequence

import numpy as np


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values: rejecting those of at most α rejects any true hypothesis with a chance of at most α.

    Sorted, the i-th of m becomes the largest of (m - j + 1) p_j over j up to i, and at most 1. That holds however the
    tests depend on each other.

    Args:
        p: one per test, from 0 to 1.

    Reference: Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure, Scand. J. Statist. 6.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted.tolist()
