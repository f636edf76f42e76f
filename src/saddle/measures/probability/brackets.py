"""What is left of a function near a point once its tangent is taken away, without the cancellation.

Divergences of nearly equal laws are sums of such remainders.
"""

import torch
from torch import Tensor

NEAR = 0.1
"""Below this the series are used; above it plain differences keep all but the last digit."""


def log_bracket(x: Tensor) -> Tensor:
    """log(1 + x) - x for x > -1: never positive, about -x²/2 near zero."""
    t = x / (2 + x)
    square = t * t
    # 2 artanh(t) = log(1 + x), and 2 t - x = -x t.
    series = torch.zeros_like(x)
    for k in range(9, 0, -1):
        series = (series + 1 / (2 * k + 1)) * square
    return torch.where(x.abs() < NEAR, t * (2 * series - x), torch.log1p(x) - x)


def entropy_bracket(x: Tensor) -> Tensor:
    """(1 + x) log(1 + x) - x for x >= -1: never negative, about x²/2 near zero, one at -1."""
    far = torch.where(x > -1, (1 + x) * torch.log1p(x) - x, -x)
    return torch.where(x.abs() < NEAR, (1 + x) * log_bracket(x) + x * x, far)


def exponential_bracket(z: Tensor) -> Tensor:
    """(exp(z) - 1 - z) / z²: positive, one half at zero."""
    series = torch.zeros_like(z)
    for k in range(16, 1, -1):
        series = series * z / (k + 1) + 1
    near = z.abs() < 0.5
    safe = torch.where(near, torch.ones_like(z), z)
    return torch.where(near, series / 2, (torch.expm1(safe) - safe) / (safe * safe))
