"""Density and coverage of samples by nearest-neighbor balls around the data."""

import math
from typing import NamedTuple

import numpy as np

from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.neighbors.covering import enough_for_halves, pairs_in_balls, two_samples_for_balls
from saddle.measures.neighbors.halvings import HALVINGS, halved_share, halvings, sums_by_half, variance_of_half
from saddle.measures.points import Features, Points

QUANTILE = 2.2281388519649385
"""Of Student's law with 10 degrees, fewer than the halvings have: in many dimensions density's variance falls slower
than 1/n, and comes out up to a fifth too small."""


class DensityCoverage(NamedTuple):
    """How samples fill the neighborhoods of the data.

    Attributes:
        density: the mean number of data balls around a sample, over k; one on average for equal laws, but unbounded.
        coverage: the share of data whose ball holds a sample.
    """

    density: Estimate
    coverage: Estimate


def density_coverage(
    samples: Points, data: Points, k: int = 5, *, features: Features | None = None, seed: int = 0
) -> DensityCoverage:
    """Density and coverage after Naeem et al., "Reliable fidelity and diversity metrics for generative models", 2020.

    The balls are around the data only, so that stray samples cannot widen them. The intervals are of the expected
    values at this n, radii and all.

    Args:
        samples: shape (n, ...), n > k; pictures are flattened, or give features.
        data: shape (m, ...), m > k.
        k: neighbors.
        features: what to measure instead of the examples themselves.
        seed: of the random halvings behind the errors.

    Returns:
        A mean and a share; without error where a set has fewer than 2k + 2 examples.

    Raises:
        InputError: when a set is too small or the two do not fit together.
    """
    x, y = two_samples_for_balls(samples, data, k, features)
    n, m = len(x), len(y)
    stream = Stream(seed).child("density and coverage")
    of_samples, of_data = halvings(n, stream.child("samples")), halvings(m, stream.child("data"))
    count, by_half = 0, np.zeros((2, HALVINGS))
    held, held_halves = np.zeros(m, dtype=bool), np.zeros(m, dtype=np.uint32)
    for pairs in pairs_in_balls(y, x, k, of_data, of_samples):
        count += int(pairs.inside.sum())
        by_half += sums_by_half(pairs.halves, of_samples[pairs.point])
        held[pairs.ball[pairs.inside]] = True
        np.bitwise_or.at(held_halves, pairs.ball, pairs.halves)
    density, coverage = count / (k * n), float(held.mean())
    method, both = f"balls to neighbor {k}", (n, m)
    notes = "equal laws score one on average", coverage_note(n, m, k)
    if not enough_for_halves(x, y, k):
        few = [f"too few examples for an error; {note}" for note in notes]
        return DensityCoverage(
            Estimate(density, None, None, method, both, few[0]), Estimate(coverage, None, None, method, both, few[1])
        )
    # One pair more or less keeps the error of no density at all above zero.
    error = max(math.sqrt(variance_of_half(by_half / (k * _half_sizes(n))) / 2), 1 / (k * n))
    interval = density - QUANTILE * error, density + QUANTILE * error
    held_by_half = sums_by_half(held_halves, of_data) / _half_sizes(m)
    return DensityCoverage(
        Estimate(density, error, interval, f"{method}; variance from random halves", both, notes[0]),
        halved_share(coverage, held_by_half, m, independent=False, n=both, method=method, note=notes[1]),
    )


def _half_sizes(n: int) -> np.ndarray:
    return np.array([[n // 2], [n - n // 2]])


def expected_coverage(n: int, m: int, k: int = 5) -> float:
    """The coverage of n samples over m data on average, where both have the same law: exact, whatever the law.

    A ball stays empty where the center's k nearest among all n + m - 1 others are data.
    """
    empty = 1.0
    for i in range(k):
        empty *= (m - 1 - i) / (n + m - 1 - i)
    return 1 - empty


def coverage_note(n: int, m: int, k: int) -> str:
    """What equal laws score, in a few words."""
    return f"equal laws score {expected_coverage(n, m, k):.3g} on average"
