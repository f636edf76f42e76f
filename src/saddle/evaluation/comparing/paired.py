"""Whether paired differences are zero on average: Student's test, and flips of signs where differences are counts."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

EXACT = 18
DRAWN = 200_000
DIGITS = 12


class Tested(NamedTuple):
    """What a test says of the hypothesis that the mean difference is zero.

    Attributes:
        p: the chance of a mean at least as far from zero if the hypothesis holds.
        test: its name.
    """

    p: float
    test: str


def paired_test(differences: np.ndarray) -> Tested:
    """A two-sided test of a mean difference of zero.

    Differences that repeat are counts, such as of modes found. Few of them may well be all alike, and their
    standard deviation of zero would make Student's test sure of anything, so their signs are flipped instead.

    Args:
        differences: one per seed, shape (K,), K at least 2, finite.
    """
    scale = float(np.abs(differences).max()) or 1.0
    distinct = np.unique(np.round(differences / scale, DIGITS))
    if len(distinct) < len(differences):
        return Tested(sign_flips(differences), "sign-flip test")
    return Tested(paired_t(differences), "paired t-test")


def paired_t(differences: np.ndarray) -> float:
    """The p of t = mean √K / s on K - 1 degrees of freedom.

    Reference: Student 1908, The Probable Error of a Mean, Biometrika 6.
    """
    count = len(differences)
    t = abs(float(differences.mean())) * math.sqrt(count) / float(differences.std(ddof=1))
    return float(2 * stats.t.sf(t, count - 1))


def sign_flips(differences: np.ndarray) -> float:
    """The share of all assignments of signs whose sum is at least as far from zero as the one found.

    Exact wherever both recipes of a pair are alike in law, since then each sign is as likely as the other; at best it
    is 2 / 2^K. For more than 18 seeds it is estimated from 200,000 drawn assignments, the one found included.

    Reference: Fisher 1935, The Design of Experiments, section 21.
    """
    found = abs(float(differences.sum()))
    least = found - 1e-9 * float(np.abs(differences).sum())  # sums that are equal differ in their last bits
    if len(differences) <= EXACT:
        sums = np.zeros(1)
        for difference in differences:
            sums = np.concatenate([sums + difference, sums - difference])
        return float(np.mean(np.abs(sums) >= least))
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (DRAWN, len(differences)))
    return float((1 + np.sum(np.abs(signs @ differences) >= least)) / (1 + DRAWN))
