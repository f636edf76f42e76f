"""The Wasserstein distance between two point clouds."""

import math

from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate, normal_interval
from saddle.measures.points import Features, Points, as_two_samples
from saddle.measures.transport.exact import Transport, transport
from saddle.measures.transport.line_interval import gap_between, gap_interval

DRAWS = 500


def wasserstein(x: Points, y: Points, p: float = 1, *, features: Features | None = None) -> Estimate:
    """W_p between the two point clouds, exact: the p-th root of the least mean of ‖x-y‖^p over all ways to pair them.

    In one dimension it is solved by sorting. In more, **it needs the matrix of all n x m distances**, 8 n m bytes, and
    about four times as much beside it while it runs, and a time that grows faster than the square of n: at most 2 GiB
    of distances (n = m = 16,384) are accepted, beyond which `sliced_wasserstein` serves.

    In one dimension the interval is of the laws' own distance. With p = 1 it holds for equal laws too, where the
    clouds' distance is above zero by noise alone, and so the interval may lie below the value; with p > 1 it holds for
    laws that differ. In more dimensions it is of the mean distance of such clouds (del Barrio & Loubes, "Central limit
    theorems for empirical transportation cost in general dimension", 2019), which exceeds the laws' distance by a bias
    that may fall only as n^(-1/d).

    Args:
        x: made samples, shape (n, ...); pictures are flattened.
        y: data, shape (m, ...).
        p: order, at least 1.
        features: what to measure instead of the examples themselves.

    Returns:
        The distance in the units of `x`, with no error where a set has fewer than 2 examples or the clouds are equal.

    Raises:
        InputError: when `p` is out of range, the sets do not fit together, or the distances would take over 2 GiB.
    """
    check_order(p)
    a, b = as_two_samples(x, y, ("x", "y"), features=features)
    return distance_estimate(a, b, p, transport(a, b, p))


def distance_estimate(x: Tensor, y: Tensor, p: float, plan: Transport) -> Estimate:
    """The distance of two clouds whose transport is known, with its error."""
    value, error, n, d = plan.distance(p), plan.error(p), (len(x), len(y)), x.shape[1]
    method = "exact, by sorting" if d == 1 else "exact, by network simplex"
    if error is None:
        return Estimate(value, None, None, method, n, "equal clouds or too few examples: no error known")
    method += "; error from the dual potentials"
    if d == 1 and p == 1:
        gap = gap_between(x.T, y.T, x.new_tensor([value]), draws=DRAWS, stream=Stream(0).child("wasserstein"))
        note = "the interval is of the laws' distance and allows for the noise that lifts the value near equal laws"
        return Estimate(value, error, gap_interval(gap, error), method + ", interval by multiplier draws", n, note)
    if d == 1:
        note = "near equal laws noise lifts the value above the laws' distance, and the interval with it"
    else:
        lift = min(n) ** (-1 / max(d, 2))
        note = (
            f"biased upward: in {d} dimensions equal laws score about {lift:.2g} of their spread at this n; the "
            "interval is of the mean of such clouds' distances; compare with two halves of the data"
        )
    return Estimate(value, error, normal_interval(value, error), method, n, note)


def check_order(p: float) -> None:
    """Refuse an order that gives no distance.

    Raises:
        InputError: when `p` is not a number from 1 on.
    """
    if isinstance(p, bool) or not isinstance(p, int | float) or not 1 <= p < math.inf:
        raise InputError(f"p must be a number of at least 1; found {p!r}.")
