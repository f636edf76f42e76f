"""Exact optimal transport between two point clouds, with its dual solution."""

from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.transport.line import transport_costs, transport_potentials

LARGEST = 2**31
"""Bytes that the matrix of costs may take; the solver needs several times as much beside it."""
PIVOTS = 10**9
"""Far more than the solver ever takes; it stops by itself."""


@dataclass(frozen=True)
class Transport:
    """The cheapest way to move one cloud onto the other.

    Attributes:
        cost: the mean cost, in the units of the distances to the power p, which were divided by `scale` first.
        scale: the largest distance at stake.
        on_x: the dual potential on the first cloud, shape (n,).
        on_y: on the second, shape (m,); on_x[i] + on_y[j] never exceeds the cost from i to j.
    """

    cost: float
    scale: float
    on_x: Tensor
    on_y: Tensor

    def distance(self, p: float) -> float:
        """W_p."""
        return self.scale * max(self.cost, 0.0) ** (1 / p)

    def error(self, p: float) -> float | None:
        """The standard error of W_p about its mean: del Barrio & Loubes, 2019, and the delta method for the root."""
        n, m = len(self.on_x), len(self.on_y)
        if min(n, m) < 2 or self.cost <= 0:
            return None
        variance = float(self.on_x.var() / n + self.on_y.var() / m)
        return self.scale * variance**0.5 * self.cost ** (1 / p - 1) / p


def transport(x: Tensor, y: Tensor, p: float) -> Transport:
    """Solve the transport problem with cost ‖x-y‖^p and equal masses: by sorting on the line, else by POT.

    Args:
        x: shape (n, d), float64.
        y: shape (m, d), float64.
        p: at least 1.

    Raises:
        InputError: when the matrix of costs would take more than 2 GiB.
    """
    if x.shape[1] == 1:
        u, v = x.T, y.T
        scale = max(float(u.max() - v.min()), float(v.max() - u.min())) or 1.0
        f, g = transport_potentials(u / scale, v / scale, p)
        return Transport(float(transport_costs(u / scale, v / scale, p)), scale, f[0], g[0])
    needed = 8 * len(x) * len(y)
    if needed > LARGEST:
        raise InputError(
            f"x and y must be small enough for a matrix of all {len(x)} x {len(y)} costs of at most 2 GiB; found a "
            f"need of {needed / 2**30:.1f} GiB, so measure fewer examples or use sliced_wasserstein."
        )
    return _by_simplex(x, y, p)


def _by_simplex(x: Tensor, y: Tensor, p: float) -> Transport:
    import ot

    # Summing squares of differences keeps the digits that a matrix product would lose for examples close together.
    costs = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    scale = float(costs.max()) or 1.0
    costs = costs.div_(scale).pow_(p).numpy()
    a, b = x.new_full((len(x),), 1 / len(x)).numpy(), y.new_full((len(y),), 1 / len(y)).numpy()
    cost, found = ot.emd2(a, b, costs, numItermax=PIVOTS, log=True)
    if found["warning"] is not None:
        raise ArithmeticError(f"The transport problem was not solved: {found['warning']}")
    return Transport(float(cost), scale, torch.from_numpy(found["u"]), torch.from_numpy(found["v"]))
