"""The Kantorovich potential: the 1-Lipschitz function that tells two point clouds apart best."""

from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.estimate import Estimate
from saddle.measures.pairwise import BLOCK
from saddle.measures.points import Features, Points, as_points, as_two_samples
from saddle.measures.transport.exact import transport
from saddle.measures.transport.wasserstein import distance_estimate


@dataclass(frozen=True)
class Potential:
    """A 1-Lipschitz function whose mean over x exceeds its mean over y by exactly W_1: what a perfect critic learns.

    Call it on new examples of shape (k, ...) for its values there, shape (k,).

    Attributes:
        value: W_1 between the clouds, as `wasserstein` gives it.
        on_x: its values on x, shape (n,).
        on_y: its values on y, shape (m,).
        anchors: the cloud y, shape (m, d), from which it is extended to everywhere.
        heights: the value that each anchor allows it to have there at most, shape (m,).
        features: what was measured instead of the examples themselves.
    """

    value: Estimate
    on_x: Tensor
    on_y: Tensor
    anchors: Tensor
    heights: Tensor
    features: Features | None = None

    def __call__(self, z: Points) -> Tensor:
        """The value at each of the rows of `z`: the least of ‖z - y_j‖ + h_j over the anchors, block by block.

        Raises:
            InputError: when the examples do not fit those that it was made of.
        """
        rows = as_points(z, "z", features=self.features)
        if rows.shape[1] != self.anchors.shape[1]:
            raise InputError(
                f"z must have {self.anchors.shape[1]} numbers per example, as x and y have; found {rows.shape[1]}."
            )
        return _extended(rows, self.anchors, self.heights)


def dual_potential(x: Points, y: Points, *, features: Features | None = None) -> Potential:
    """Solve the dual of W_1 exactly: the greatest E f(x) - E f(y) over all 1-Lipschitz functions f.

    The dual solution on the clouds is extended by f(z) = min_j (‖z - y_j‖ - g_j), which is 1-Lipschitz as the least of
    such functions, and still optimal. Kantorovich & Rubinstein, 1958; Santambrogio, "Optimal transport for applied
    mathematicians", 2015, section 3.1. A potential is unique only up to a constant, and elsewhere than along the rays
    on which mass moves only up to what 1-Lipschitz allows; the constant here makes its mean over both sets zero.

    Args:
        x: made samples, shape (n, ...); pictures are flattened. The potential is high on them.
        y: data, shape (m, ...).
        features: what to measure instead of the examples themselves.

    Raises:
        InputError: when the sets do not fit together or, in more than one dimension, their distances would take over
            2 GiB, as for `wasserstein`.
    """
    a, b = as_two_samples(x, y, ("x", "y"), features=features)
    plan = transport(a, b, 1)
    heights = -plan.scale * plan.on_y
    on_x, on_y = _extended(a, b, heights), _extended(b, b, heights)
    middle = (on_x.mean() + on_y.mean()) / 2
    value = distance_estimate(a, b, 1, plan)
    return Potential(value, on_x - middle, on_y - middle, b, heights - middle, features)


def _extended(z: Tensor, anchors: Tensor, heights: Tensor) -> Tensor:
    least = z.new_full((len(z),), torch.inf)
    for i in range(0, len(z), BLOCK):
        rows = slice(i, i + BLOCK)
        for j in range(0, len(anchors), BLOCK):
            others = slice(j, j + BLOCK)
            # A matrix product would break the Lipschitz bound by rounding where examples are close together.
            block = torch.cdist(z[rows], anchors[others], compute_mode="donot_use_mm_for_euclid_dist")
            least[rows] = torch.minimum(least[rows], (block + heights[others]).min(1).values)
    return least
