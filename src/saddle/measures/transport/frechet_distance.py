"""The squared Fréchet distance between two sets of samples, with its bias at finite n removed."""

import math
from typing import NamedTuple

from torch import Tensor

from saddle.measures.estimate import Estimate
from saddle.measures.points import Features, Points, as_two_samples
from saddle.measures.score_interval import SquareSpread
from saddle.measures.transport.bures import GroupedMoments, Moments, squared_bures_distance
from saddle.measures.transport.bures_spread import bures_spread

GROUPS = 10


class FrechetDistance(NamedTuple):
    """Both estimates of one squared distance.

    Attributes:
        corrected: extrapolated to infinite n; zero on average for equal laws, and so sometimes negative.
        raw: of the two fitted normal laws as they are, the number usually published; biased upward.
    """

    corrected: Estimate
    raw: Estimate


def frechet_distance(x: Points, y: Points, *, features: Features | None = None) -> FrechetDistance:
    """The squared Fréchet distance: W_2² between normal laws with the means and covariances of the two sets.

    It is ‖m - m'‖² + tr(C + C' - 2 (C^½ C' C^½)^½); with Inception's features, FID (Heusel et al., "GANs trained by a
    two time-scale update rule", 2017, equation 6). Its bias is a/n + b/m to the first order; a and b depend on
    both laws, so that a worse sampler may score better at finite n (Chong & Forsyth, "Effectively unbiased FID", 2020).
    It is removed by leaving out each tenth of both sets in turn (Quenouille, 1956), which uses nine tenths of all pairs
    of examples where halves would use half. The interval holds at equal laws, away from them and between.

    Args:
        x: made samples, shape (n, ...), n >= 20; pictures are flattened.
        y: data, shape (m, ...), m >= 20.
        features: what to measure instead of the examples themselves.

    Returns:
        Both values. Where n or m is below 10 d, `note` says that the correction or its error is uncertain.

    Raises:
        InputError: when a set is too small, not finite, or the two do not fit together.
    """
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2 * GROUPS, features=features)
    groups_a, groups_b = GroupedMoments(a, GROUPS), GroupedMoments(b, GROUPS)
    all_a, all_b = groups_a.whole(), groups_b.whole()
    raw = squared_bures_distance(all_a, all_b)
    left = [squared_bures_distance(groups_a.without(i), groups_b.without(i)) for i in range(GROUPS)]
    corrected = GROUPS * raw - (GROUPS - 1) * math.fsum(left) / GROUPS
    return _estimates(a, b, all_a, all_b, raw, corrected)


def _estimates(x: Tensor, y: Tensor, a: Moments, b: Moments, raw: float, corrected: float) -> FrechetDistance:
    n, d = (len(x), len(y)), x.shape[1]
    first, second = bures_spread(x, y, a, b)
    # What is left after the correction is a mean over the pairs of different groups alone.
    lost = second / (GROUPS - 1)
    spread = SquareSpread(corrected, max(raw - corrected, 0.0), first + 2 * lost, second + lost)
    method = f"normal laws fitted; bias removed by leaving out each of {GROUPS} groups; score interval to second order"
    bias = raw - corrected
    return FrechetDistance(
        Estimate(corrected, spread.error, spread.interval, method, n, _size_note(min(n), d)),
        Estimate(raw, spread.error, None, "normal laws fitted", n, f"biased upward at this n, by about {bias:.3g}"),
    )


def _size_note(n: int, d: int) -> str:
    if n <= d:
        return f"n = {n} is not above the {d} dimensions: what the correction leaves may exceed the interval"
    if n < 10 * d:
        return f"n = {n} is not well above the {d} dimensions: the error may be a tenth too small"
    return ""
