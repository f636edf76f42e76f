"""Transport with an entropic penalty, solved in the log domain by Sinkhorn's iteration."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.pairwise import BLOCK, distances

KEPT = 1 << 23
"""Up to this many costs are kept in memory; beyond, each is computed anew in every iteration."""
TOLERANCE = 1e-6
"""Largest change of a potential, in units of epsilon, at which to stop; the cost's own error is of its square."""
ITERATIONS = 1000
"""Accelerated ones, and as many plain ones after them."""
HALVINGS = 7
"""The penalty starts at 2 to this power times epsilon."""
MEMORY = 30
"""Answers that are combined, besides the newest."""


class Costs:
    """The costs ‖x-y‖^p between two clouds, shapes (n, d) and (m, d), a block of rows at a time."""

    def __init__(self, x: Tensor, y: Tensor, p: float) -> None:
        self._x, self._y, self._p = x, y, p
        self.shape = (len(x), len(y))
        self._kept = self._block(slice(0, len(x))) if len(x) * len(y) <= KEPT else None

    def _block(self, rows: slice) -> Tensor:
        return distances(self._x[rows], self._y).pow_(self._p)

    def mean(self) -> float:
        """The mean cost."""
        total = sum(float(self._rows(rows).sum()) for rows in self._slices())
        return total / (len(self._x) * len(self._y))

    def soft_least(self, g: Tensor, epsilon: float) -> Tensor:
        """The potential on x that answers to g: -epsilon log of the mean over j of exp((g_j - C_ij) / epsilon)."""
        parts = [torch.logsumexp((g - self._rows(rows)).div_(epsilon), 1) for rows in self._slices()]
        return epsilon * (math.log(len(self._y)) - torch.cat(parts))

    def soft_least_across(self, f: Tensor, epsilon: float) -> Tensor:
        """The potential on y that answers to f, likewise."""
        total = f.new_full((len(self._y),), -torch.inf)
        for rows in self._slices():
            part = torch.logsumexp((f[rows, None] - self._rows(rows)).div_(epsilon), 0)
            total = torch.logaddexp(total, part)
        return epsilon * (math.log(len(self._x)) - total)

    def _rows(self, rows: slice) -> Tensor:
        return self._block(rows) if self._kept is None else self._kept[rows]

    def _slices(self) -> list[slice]:
        step = max(1, BLOCK * BLOCK // len(self._y))
        return [slice(i, min(i + step, len(self._x))) for i in range(0, len(self._x), step)]


@dataclass(frozen=True)
class EntropicTransport:
    """A solution.

    Attributes:
        on_x: the potential f, shape (n,); the cost is the sum of both potentials' means.
        on_y: the potential g, shape (m,).
        iterations: that it took.
    """

    on_x: Tensor
    on_y: Tensor
    iterations: int

    @property
    def cost(self) -> float:
        """The least of ∫ C dπ + epsilon KL(π ‖ x ⊗ y)."""
        return float(self.on_x.mean() + self.on_y.mean())


def entropic_transport(costs: Costs, epsilon: float, start: Tensor | None = None) -> EntropicTransport:
    """Solve between two clouds.

    The plain iteration gains a constant factor per round, which is close to one where epsilon is small. So the penalty
    is lowered in steps first, and then every answer is combined with the last few so that the change is least, as
    Anderson's acceleration does; where that enlarges the change, it starts over. Rounding can keep the acceleration
    from ever getting there, so that plain iterations go on from the best point it found.

    Args:
        costs: between the clouds.
        epsilon: the penalty.
        start: a potential on y to start from, shape (m,), such as that of a similar problem.

    Raises:
        InputError: when it does not converge, since epsilon is too small.
    """
    g = torch.zeros(costs.shape[1], dtype=torch.float64) if start is None else start
    for halving in range(HALVINGS if start is None else 0, 0, -1):
        g = costs.soft_least_across(costs.soft_least(g, epsilon * 2**halving), epsilon * 2**halving)
    points: list[Tensor] = []
    steps: list[Tensor] = []
    best, least = g, math.inf
    for iteration in range(2 * ITERATIONS):
        f = costs.soft_least(g, epsilon)
        step = costs.soft_least_across(f, epsilon) - g
        # A constant moves from one potential to the other at no cost.
        step -= step.mean()
        change = float(step.abs().max())
        if change < TOLERANCE * epsilon:
            return EntropicTransport(f, costs.soft_least_across(f, epsilon), iteration + 1)
        if iteration >= ITERATIONS:
            g = g + step
            continue
        if change < least:
            best, least = g + step, change
        if iteration == ITERATIONS - 1:
            g = best
            continue
        if steps and float(step.norm()) > 10 * float(steps[-1].norm()):
            points, steps = [], []
        points, steps = [*points[-MEMORY:], g], [*steps[-MEMORY:], step]
        g = _combined(torch.stack(points, 1), torch.stack(steps, 1))
    raise _not_converged(epsilon)


def _combined(points: Tensor, steps: Tensor) -> Tensor:
    """The next point from the last few and the steps taken there, shapes (m, k), newest last (Walker & Ni, 2011)."""
    if points.shape[1] == 1:
        return points[:, 0] + steps[:, 0]
    moves, changes = points.diff(dim=1), steps.diff(dim=1)
    weights = torch.linalg.lstsq(changes, steps[:, -1:], driver="gelsd").solution
    return (points[:, -1:] + steps[:, -1:] - (moves + changes) @ weights)[:, 0]


def entropic_transport_to_itself(costs: Costs, epsilon: float, start: Tensor | None = None) -> EntropicTransport:
    """Solve between a cloud and itself, where both potentials are equal and half a step shrinks any change by half.

    Args:
        costs: between the cloud and itself.
        epsilon: the penalty.
        start: a potential to start from, shape (n,).

    Raises:
        InputError: when it does not converge, since epsilon is too small.
    """
    f = torch.zeros(costs.shape[0], dtype=torch.float64) if start is None else start
    for iteration in range(2 * ITERATIONS):
        step = costs.soft_least(f, epsilon) - f
        f = f + step / 2
        if float(step.abs().max()) < TOLERANCE * epsilon:
            return EntropicTransport(f, f, iteration + 1)
    raise _not_converged(epsilon)


def _not_converged(epsilon: float) -> InputError:
    rounds = 2 * ITERATIONS
    return InputError(
        f"epsilon must be large enough for the iteration to converge within {rounds} rounds; found {epsilon:.3g}."
    )
