"""The energy distance of Székely & Rizzo between two sets of samples."""

import torch
from torch import Tensor

from saddle.measures.estimate import Estimate, normal_interval
from saddle.measures.pairwise import distance_sums, distance_sums_within
from saddle.measures.points import Points, as_two_samples


def energy_distance(x: Points, y: Points) -> Estimate:
    """The energy distance 2 E‖X-Y‖ - E‖X-X'‖ - E‖Y-Y'‖, zero only where both laws are equal.

    The estimate is the unbiased U-statistic: equal laws give zero on average and so negative values about half of the
    time, which are never clipped. Its error is the delete-one jackknife over both sets. Where the laws are equal the
    statistic is degenerate and the jackknife overstates its spread, by about √2. Székely & Rizzo, "Energy statistics",
    2013.

    Args:
        x: examples, shape (n, ...), n >= 2; pictures are flattened.
        y: examples, shape (m, ...), m >= 2.

    Returns:
        The distance in the units of `x` (not its root), with no error where n or m is below 3.

    Raises:
        InputError: when a set is too small, not finite, or the two do not fit together.
    """
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2)
    across_a, across_b = distance_sums(a, b)
    within_a, within_b = distance_sums_within(a), distance_sums_within(b)
    n, m = len(a), len(b)
    across = across_a.sum()
    own_a, own_b = within_a.sum() / (n * (n - 1)), within_b.sum() / (m * (m - 1))
    value = float(2 * across / (n * m) - own_a - own_b)
    method = "unbiased U-statistic, delete-one jackknife"
    if min(n, m) < 3:
        return Estimate(value, None, None, method, (n, m), "too few examples for an error")
    left_a = 2 * (across - across_a) / ((n - 1) * m) - _mean_without(within_a) - own_b
    left_b = 2 * (across - across_b) / ((m - 1) * n) - _mean_without(within_b) - own_a
    error = float(torch.sqrt(_jackknife_variance(left_a) + _jackknife_variance(left_b)))
    return Estimate(value, error, normal_interval(value, error), method, (n, m))


def _mean_without(sums: Tensor) -> Tensor:
    """The mean distance of distinct pairs, for each example left out in turn, from the sums of each one's distances."""
    n = len(sums)
    return (sums.sum() - 2 * sums) / ((n - 1) * (n - 2))


def _jackknife_variance(left_out: Tensor) -> Tensor:
    n = len(left_out)
    return (n - 1) / n * (left_out - left_out.mean()).square().sum()
