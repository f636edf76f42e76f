"""Squared distances between all pairs of two batches, as a part of losses: pure and differentiable."""

import torch
from torch import Tensor

DIRECT = 16
"""Up to this many numbers per example differences are taken; beyond, a product is faster, and rounds more."""
TINY = 1e-20
"""Stands for the spread of a batch whose rows are all equal."""


def mean_square_distance(x: Tensor) -> Tensor:
    """The mean of ‖x_i - x_j‖² over the pairs of different rows of a batch (n, d), n at least 2; never zero.

    It is twice the sum of the variances of the columns.
    """
    return (2 * x.var(0).sum()).clamp(min=TINY)


def in_units_of_spread(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Both batches with the real one's mean at the origin and a mean square distance of 1 between its rows.

    The change of units is a constant to gradients, so that what raises a distance in these units raises it in the
    batch's own. Products keep more digits about a center that both batches share.
    """
    center, unit = real.mean(0).detach(), mean_square_distance(real).sqrt().detach()
    return (real - center) / unit, (fake - center) / unit


def square_distances(x: Tensor, y: Tensor) -> Tensor:
    """‖x_i - y_j‖² for batches (n, d) and (m, d), shape (n, m); most exact where the origin lies between them."""
    if x.shape[1] <= DIRECT:
        return (x.unsqueeze(1) - y).square().sum(2)
    squares = x.square().sum(1).unsqueeze(1) + y.square().sum(1)
    return torch.clamp(squares - 2 * x @ y.T, min=0)
