"""Whether paired differences are zero on average: Student's test, with care where differences are counts."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from saddle.evaluation.comparing.over_seeds import t_interval

DIGITS = 12


class Tested(NamedTuple):
    """What is known of a mean difference.

    Attributes:
        interval: its 95 % interval; None where every difference is zero.
        p: the chance of a mean at least as far from zero if the true one is zero.
    """

    interval: tuple[float, float] | None
    p: float


def paired_test(differences: np.ndarray) -> Tested:
    """Student's two-sided test of a mean difference of zero: t = mean √K / s on K - 1 degrees of freedom.

    Differences that repeat are counts, such as of modes found. Few of them may well be all alike, and a standard
    deviation s of zero would make the test sure of anything; so s is taken to be no less than the smallest step between
    the values found and zero. Where no difference repeats, s is never less than that by itself, and nothing changes.
    In simulations of equal recipes with counts, shares and outcomes of yes and no, for 3 to 20 seeds, it rejects no
    more often than it says.

    Args:
        differences: one per seed, shape (K,), K at least 3, finite.

    Reference: Student 1908, The Probable Error of a Mean, Biometrika 6.
    """
    count, mean = len(differences), float(differences.mean())
    deviation = max(float(differences.std(ddof=1)), smallest_step(differences))
    if deviation == 0:
        return Tested(None, 1.0)
    p = float(2 * stats.t.sf(abs(mean) * math.sqrt(count) / deviation, count - 1))
    return Tested(t_interval(mean, deviation, count), p)


def smallest_step(differences: np.ndarray) -> float:
    """The smallest distance between unequal numbers among the differences and zero; zero where all are zero."""
    scale = float(np.abs(differences).max())
    if scale == 0:
        return 0.0
    values = np.unique(np.round(np.append(differences, 0.0) / scale, DIGITS))  # alike are those alike but for rounding
    return scale * float(np.diff(values).min())
