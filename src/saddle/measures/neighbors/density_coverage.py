"""Density and coverage of samples by nearest-neighbor balls around the data."""

from typing import NamedTuple

from saddle.measures.estimate import Estimate
from saddle.measures.neighbors.covering import covering, share_error, two_samples_for_balls
from saddle.measures.points import Points


class DensityCoverage(NamedTuple):
    """How samples fill the neighborhoods of the data.

    Attributes:
        density: the mean number of data balls around a sample, over k; one on average for equal laws, but unbounded.
        coverage: the share of data whose ball holds a sample.
    """

    density: Estimate
    coverage: Estimate


def density_coverage(samples: Points, data: Points, k: int = 5) -> DensityCoverage:
    """Density and coverage after Naeem et al., "Reliable fidelity and diversity metrics for generative models", 2020.

    The balls are around the data only, so that stray samples cannot widen them. The errors hold the radii fixed: in
    many dimensions, where a few samples lie in most balls, density's can be a quarter too small.

    Args:
        samples: shape (n, ...), n > k; pictures are flattened, or give features.
        data: shape (m, ...), m > k.
        k: neighbors.

    Raises:
        InputError: when a set is too small or the two do not fit together.
    """
    x, y = two_samples_for_balls(samples, data, k)
    n, m = len(x), len(y)
    found = covering(y, x, k)
    depth = found.balls_on_point.double() / k
    held = found.points_in_ball.double() / k
    # Each ball holds k/m of the law by construction; what is left is how unevenly the balls are filled.
    error = float((depth.var() / n + held.var() * m / n**2).sqrt())
    share = float((found.points_in_ball > 0).double().mean())
    method = f"balls to neighbor {k}; jackknife at fixed radii"
    return DensityCoverage(
        Estimate(float(depth.mean()), error, None, method, (n, m), "equal laws score one on average"),
        Estimate(share, share_error(share, m, found.resting_on_point), None, method, (n, m), coverage_note(n, m, k)),
    )


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
