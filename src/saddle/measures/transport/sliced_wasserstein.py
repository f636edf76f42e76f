"""The sliced Wasserstein distance: one-dimensional optimal transport, averaged over directions."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate, normal_interval
from saddle.measures.points import Features, Points, as_two_samples
from saddle.measures.transport.line import transport_costs, transport_potentials
from saddle.measures.transport.line_interval import gap_between, gap_interval
from saddle.measures.transport.wasserstein import check_order

DRAWS = 100
AT_ONCE = 1 << 21
"""Numbers that are projected at once."""


def sliced_wasserstein(
    x: Points, y: Points, *, p: float = 1, directions: int = 128, seed: int = 0, features: Features | None = None
) -> Estimate:
    """The sliced Wasserstein distance, the p-th root of the mean of W_p^p over random directions.

    Each projection is solved exactly by sorting. Bonneel et al., "Sliced and Radon Wasserstein barycenters of
    measures", 2015, section 2.2. The error joins the spread over directions and that of the dual
    potentials over the examples.

    Args:
        x: made samples, shape (n, ...), n >= 2; pictures are flattened.
        y: data, shape (m, ...), m >= 2.
        p: order, at least 1.
        directions: random unit vectors, at least 2.
        seed: of the directions.
        features: what to measure instead of the examples themselves.

    Returns:
        The distance in the units of `x`. It is biased upward: equal laws score above zero, by an amount that falls as
        the root of n. With p = 1 the interval, of the laws' distance over all directions, allows for that; with p > 1
        it is right only where the laws clearly differ.

    Raises:
        InputError: when an argument is out of range or the sets are too small or do not fit together.
    """
    check_order(p)
    if not isinstance(directions, int) or directions < 2:
        raise InputError(f"directions must be a whole number of at least 2; found {directions!r}.")
    a, b = as_two_samples(x, y, ("x", "y"), at_least=2, features=features)
    stream = Stream(seed).child("sliced wasserstein")
    lines = torch.randn(a.shape[1], directions, generator=stream.torch(), dtype=torch.float64)
    lines /= lines.norm(dim=0)
    found = _slices(a, b, lines, p)
    value = float(found.costs.mean()) ** (1 / p)
    n = (len(a), len(b))
    method = f"exact on each of {directions} directions; error from the dual potentials"
    if value == 0:
        return Estimate(value, None, None, method, n, "equal clouds: no error known")
    error = found.variance**0.5 * value ** (1 - p) / p
    if p == 1:
        gap = gap_between((a @ lines).T, (b @ lines).T, found.costs, draws=DRAWS, stream=stream.child("noise"))
        note = "biased upward near equal laws; the interval, of the laws' distance, allows for it"
        return Estimate(value, error, gap_interval(gap, error), method + ", interval by multiplier draws", n, note)
    note = "biased upward near equal laws, and the interval with it; compare with held-out data at equal n"
    return Estimate(value, error, normal_interval(value, error), method, n, note)


@dataclass
class Slices:
    """What the projections found.

    Attributes:
        costs: W_p^p in each direction, shape (k,).
        on_x: the mean dual potential over directions, shape (n,).
        on_y: likewise, shape (m,).
    """

    costs: Tensor
    on_x: Tensor
    on_y: Tensor

    @property
    def variance(self) -> float:
        """Of the mean cost: over both sets of examples and over the directions."""
        examples = self.on_x.var() / len(self.on_x) + self.on_y.var() / len(self.on_y)
        return float(examples + self.costs.var() / len(self.costs))


def _slices(x: Tensor, y: Tensor, lines: Tensor, p: float) -> Slices:
    costs, on_x, on_y = [], x.new_zeros(len(x)), y.new_zeros(len(y))
    for some in _portions(lines, len(x) + len(y)):
        u, v = (x @ some).T, (y @ some).T
        costs.append(transport_costs(u, v, p))
        f, g = transport_potentials(u, v, p)
        on_x += (f - f.mean(1, keepdim=True)).sum(0) / lines.shape[1]
        on_y += (g - g.mean(1, keepdim=True)).sum(0) / lines.shape[1]
    return Slices(torch.cat(costs), on_x, on_y)


def _portions(lines: Tensor, examples: int) -> Iterator[Tensor]:
    yield from lines.split(max(1, AT_ONCE // examples), dim=1)
