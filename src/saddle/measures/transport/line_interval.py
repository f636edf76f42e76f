"""The interval of the mean W_1 on lines between two laws: right at equal laws, away from them and between."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.measures.estimate import Z

CELLS = 1 << 13
"""Distribution functions are compared at this many points over all lines, and at 64 at least on each."""
NEAR = 5
"""Where the value is this many errors, the interval's upper end lies halfway between both ways to find it."""
GROUPS = 512
"""Beyond this many examples, several share one multiplier."""


@dataclass(frozen=True)
class Gap:
    """The difference of two empirical distribution functions on k lines, at G points each, and its noise.

    Attributes:
        widths: the length of line for which each point stands, shape (k, G).
        found: the difference at each point, shape (k, G).
        spread: its standard error, shape (k, G).
        noise: draws of its sampling error, jointly over points and lines, shape (draws, k, G).
        costs: W_1 on each line, shape (k,).
    """

    widths: Tensor
    found: Tensor
    spread: Tensor
    noise: Tensor
    costs: Tensor

    def law(self, share: float) -> tuple[float, float]:
        """Mean and standard deviation of the measured mean W_1, were the true gap `share` times the one found."""
        true = (share * self.found).abs()
        ratio = true / self.spread
        # The mean of a folded normal variable, less its location: what noise adds.
        density = self.spread * math.sqrt(2 / math.pi) * (-ratio.square() / 2).exp()
        lift = density - true * torch.erfc(ratio / math.sqrt(2))
        mean = share * float(self.costs.mean()) + float((lift * self.widths).sum(1).mean())
        drawn = torch.zeros(len(self.noise), dtype=torch.float64)
        for line in range(len(self.costs)):
            drawn += (share * self.found[line] + self.noise[:, line]).abs_() @ self.widths[line]
        return mean, math.sqrt(float((drawn / len(self.costs)).var()) + share**2 * self.slicing)

    @property
    def slicing(self) -> float:
        """The variance that comes from the choice of lines."""
        return float(self.costs.var()) / len(self.costs) if len(self.costs) > 1 else 0.0


def gap_between(u: Tensor, v: Tensor, costs: Tensor, *, draws: int, stream: Stream) -> Gap:
    """Compare the laws of the rows of `u`, shape (k, n), and of `v`, shape (k, m), with `draws` draws of the noise."""
    k, n, m = len(u), u.shape[1], v.shape[1]
    (u, order_u), (v, order_v) = u.contiguous().sort(1), v.contiguous().sort(1)
    pooled = torch.cat([u, v], 1).sort(1).values
    edges = torch.linspace(0, n + m - 1, min(n + m - 1, max(64, CELLS // k)) + 1).round().long()
    points = pooled[:, (edges[:-1] + edges[1:]) // 2].contiguous()
    below_u, below_v = torch.searchsorted(u, points, right=True), torch.searchsorted(v, points, right=True)
    f, g = below_u.double() / n, below_v.double() / m
    variance = f * (1 - f) / n + g * (1 - g) / m
    # Where both functions are 0 or 1 there is no noise; any small positive number spares a case.
    spread = variance.sqrt().clamp_min(1e-9)
    noise = _noise(order_u, below_u, draws, stream.child("x")) - _noise(order_v, below_v, draws, stream.child("y"))
    return Gap(pooled[:, edges].diff(dim=1), f - g, spread, noise, costs)


def gap_interval(gap: Gap, error: float) -> tuple[float, float]:
    """A 95 % interval of the laws' mean W_1.

    Sampling noise can only add to a W_1 near zero. The interval starts at the smallest multiple of the found gap that
    the measured value does not refute, given the mean and the spread that noise makes of that multiple, and reaches up
    to the largest one. Few errors from zero the found gap's shape is noise in part, which makes that end too low, so it
    is moved towards the plain one, 1.96 errors above the value.

    Args:
        gap: between the samples.
        error: the standard error far from equal laws.
    """
    value = float(gap.costs.mean())

    def highest(share: float) -> float:
        mean, spread = gap.law(share)
        return mean + Z * spread - value

    def lowest(share: float) -> float:
        mean, spread = gap.law(share)
        return mean - Z * spread - value

    low = 0.0 if highest(0.0) >= 0 else _root(highest, 0.0, 1.0)
    top = 1.0
    while lowest(top) < 0 and top < 1e3:
        top *= 2
    high = _root(lowest, 0.0, top) if lowest(0.0) < 0 else 0.0
    missing = max(value + Z * error - high * value, 0.0)
    near = (NEAR * error) ** 2
    return low * value, high * value + missing * near / (near + value**2)


def _noise(order: Tensor, below: Tensor, draws: int, stream: Stream) -> Tensor:
    """The multiplier bootstrap: sampling errors of the distribution functions, alike for all lines.

    Args:
        order: the examples from lowest to highest, shape (k, n).
        below: how many examples lie at or below each point, shape (k, G).
        draws: how many.
        stream: of the multipliers.
    """
    k, n, points = len(order), order.shape[1], below.shape[1]
    groups = min(n, GROUPS)
    multipliers = torch.randn(draws, groups, generator=stream.torch(), dtype=torch.float64)
    ranks = torch.arange(n)
    noise = torch.empty(draws, k, points, dtype=torch.float64)
    for line in range(k):
        # Examples above the last point fall into one cell more, which is dropped.
        cells = torch.searchsorted(below[line], ranks, right=True)
        places = order[line] % groups * (points + 1) + cells
        counts = torch.bincount(places, minlength=groups * (points + 1)).view(groups, points + 1).double()
        counts -= counts.sum(1, keepdim=True) * (counts.sum(0) / n)
        noise[:, line] = (multipliers @ counts).cumsum(1)[:, :-1] / n
    return noise


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2
