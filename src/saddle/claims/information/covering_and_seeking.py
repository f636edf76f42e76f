"""The normal law that lies nearest to data of two modes, by a divergence in one direction or the other."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor

Term = Callable[[Tensor, Tensor], Tensor]
"""What a point adds to a divergence, from the logarithms of two densities."""

STEP = 0.02
GRID = STEP * torch.arange(-1200, 1201, dtype=torch.float64)
MODE, WIDTH = 2.0, 0.5
BOX = ((-8.0, 8.0), (math.log(0.1), math.log(4.0)))


class Fit(NamedTuple):
    """A normal law and its divergence."""

    mean: float
    deviation: float
    divergence: float


def log_normal(mean: Tensor | float, log_deviation: Tensor | float) -> Tensor:
    """Log density on the grid."""
    deviation = torch.as_tensor(log_deviation, dtype=torch.float64).exp()
    return -(((GRID - mean) / deviation) ** 2) / 2 - deviation.log() - math.log(2 * math.pi) / 2


def log_two_modes() -> Tensor:
    """Log density on the grid of half N(-2, 0.5²), half N(2, 0.5²)."""
    sides = [log_normal(side * MODE, math.log(WIDTH)) for side in (-1, 1)]
    return torch.logaddexp(*sides) - math.log(2)


def integral(values: Tensor) -> Tensor:
    """By the trapezoid rule, which for densities this smooth is exact to rounding."""
    return values.sum() * STEP


def nearest(divergence: Callable[[Tensor], Tensor], source: np.random.Generator, starts: int) -> Fit:
    """The normal law of least divergence, from its log density on the grid; the best of several descents.

    Their means start in equal parts of [-3, 3], since a broad law between the modes is a poor minimum too.
    """
    ends = np.linspace(-3, 3, starts + 1)
    first = [source.uniform((low, -1), (high, 1)) for low, high in pairwise(ends)]

    def of_numbers(numbers: Tensor) -> Tensor:
        return divergence(log_normal(numbers[0], numbers[1]))

    def value_and_slope(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        leaf = torch.tensor(numbers, requires_grad=True)
        value = of_numbers(leaf)
        (slope,) = torch.autograd.grad(value, leaf)
        return float(value.detach()), slope.numpy()

    descents = [minimize(value_and_slope, one, jac=True, method="L-BFGS-B", bounds=BOX) for one in first]
    best = torch.from_numpy(min(descents, key=lambda one: one.fun).x)
    for _ in range(4):
        best = _newton(of_numbers, best)
    return Fit(float(best[0]), float(best[1].exp()), float(of_numbers(best)))


def _newton(function: Callable[[Tensor], Tensor], numbers: Tensor) -> Tensor:
    """One step to where the slope vanishes, kept within the box."""
    leaf = numbers.clone().requires_grad_()
    (slope,) = torch.autograd.grad(function(leaf), leaf, create_graph=True)
    curvature = torch.stack([torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in slope])
    low, high = torch.tensor(BOX, dtype=torch.float64).T
    step = torch.linalg.lstsq(curvature, slope.detach().unsqueeze(1)).solution.squeeze(1)
    return torch.minimum(torch.maximum(numbers - step, low), high)
