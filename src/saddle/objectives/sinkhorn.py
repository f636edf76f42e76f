"""The Sinkhorn divergence between a batch of data and one of samples."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.ranges import Count, CountOrZero, Positive
from saddle.core.shapes import Scalar, Vectors
from saddle.objectives.pairs import in_units_of_spread, square_distances

HALVINGS = 5
"""The penalty starts at 2 to this power times epsilon, which brings the potentials near in a few iterations."""


@dataclass(frozen=True)
class Sinkhorn:
    """The generator lowers OT(X, Y) - ½ OT(X, X) - ½ OT(Y, Y) between batches of data X and of samples Y.

    OT is the least mean cost ‖x-y‖² of moving one batch to the other plus epsilon times the plan's Kullback-Leibler
    divergence from independence; the two other terms take away the bias that this brings (Feydy et al. 2019, equation
    3; it is the half of 2 OT(X, Y) - OT(X, X) - OT(Y, Y), for which Genevay et al. leave the divergence out of the
    cost once the plan is found). A fixed number of Sinkhorn's iterations in the log domain solves each of the three
    alike, so that equal batches have exactly zero; what is short of convergence makes each OT too small. The gradient
    is that of the cost under the plans found, which is exact at convergence. When to use it: without `features`, for
    points and small pictures, where every part of the data must get its share of samples, with batches of some
    hundreds; with `features`, for pictures, together with `WeightClipping` or `SpectralNormalization`.

    Reference: Genevay, Peyré & Cuturi 2018, Learning Generative Models with Sinkhorn Divergences, arXiv 1706.00292;
    Feydy et al. 2019, Interpolating between Optimal Transport and MMD using Sinkhorn Divergences, arXiv 1810.08278.

    Attributes:
        epsilon: strength of the penalty; costs are in units of the mean square distance between two real examples (or
            their features) of the batch, a constant to gradients.
        iterations: how many, each an update of both potentials. The smaller epsilon, the more it takes.
        features: how many numbers a critic makes of an example, trained to raise the divergence between them; 0
            compares the examples themselves, with no critic.

    Example:
        >>> x = torch.tensor([[0.0], [2.0]])
        >>> Sinkhorn().distance(x, x + 4)  # a shift by two root mean square distances costs their square
        tensor(4.)
    """

    epsilon: Positive = 0.05
    iterations: Count = 50
    features: CountOrZero = 0

    def distance(self, real: Vectors, fake: Vectors) -> Scalar:
        """The divergence in units of the real batch's mean square distance, at least zero once converged."""
        x, y = in_units_of_spread(real, fake)
        within = self._transport(square_distances(x, x)) + self._transport(square_distances(y, y))
        return self._transport(square_distances(y, x)) - within / 2

    def _transport(self, costs: Tensor) -> Tensor:
        """The least of the mean of `costs` (n, m) under a plan plus the penalty.

        The iterations know no gradient: at the optimum the potentials' own change nothing. The last update of the rows'
        potential gives each row its share of mass exactly, and its slope by the costs is the plan.
        """
        held = costs.detach()
        columns = torch.zeros_like(held[0])
        for iteration in range(self.iterations):
            strength = self.epsilon * 2 ** max(0, HALVINGS - iteration)
            rows = soft_least(held, columns, strength)
            columns = soft_least(held.T, rows, strength)
        return soft_least(costs, columns, self.epsilon).mean() + columns.mean()


def soft_least(costs: Tensor, potential: Tensor, epsilon: float) -> Tensor:
    """-epsilon log of the mean over j of exp((g_j - C_ij)/epsilon), for costs (n, m) and a potential g (m,)."""
    return epsilon * (math.log(costs.shape[1]) - torch.logsumexp((potential - costs) / epsilon, 1))
