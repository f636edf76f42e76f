"""The energy distance of Székely & Rizzo between two sets of samples."""

from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.kernels.two_sample import two_sample_statistic
from saddle.measures.pairwise import distances
from saddle.measures.points import Features, Points, as_two_samples


def energy_distance(x: Points, y: Points, *, features: Features | None = None) -> Estimate:
    """The energy distance 2 E‖X-Y‖ - E‖X-X'‖ - E‖Y-Y'‖, zero only where both laws are equal.

    The estimate is the unbiased U-statistic: equal laws give zero on average and so negative values about half of the
    time, which are never clipped. It is the maximum mean discrepancy with the kernel -‖x-y‖. Székely & Rizzo, "Energy
    statistics: a class of statistics based on distances", 2013, equation 5.

    Args:
        x: made samples, shape (n, ...), n >= 2; pictures are flattened.
        y: data, shape (m, ...), m >= 2.
        features: what to measure instead of the examples themselves.

    Returns:
        The distance in the units of `x` (not its root), with no error where n or m is below 4.

    Raises:
        InputError: when a set is too small, not finite, or the two do not fit together.
    """
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2, features=features)
    # Distances keep more digits about a center that both sets share.
    center = b.mean(0)
    return two_sample_statistic(a - center, b - center, _minus_distance, "kernel -‖x-y‖")


def _minus_distance(a: Tensor, b: Tensor) -> Tensor:
    return distances(a, b).neg_()
