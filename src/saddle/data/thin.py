"""Laws on a curve or a surface, which have no density in the space around it."""

import math
from dataclasses import dataclass

import numpy as np

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data.law import generators

TOLERANCE = 1e-6


@dataclass(frozen=True)
class UnitSphere:
    """The uniform law on the unit sphere in d-dimensional space; for d = 2 the unit circle.

    Attributes:
        space: d, either 2 or 3.
    """

    space: int

    @property
    def dimension(self) -> int:
        """The dimension of the support: 1 for the circle, 2 for the sphere."""
        return self.space - 1

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        """Draw n points, shape (n, d)."""
        (direction,) = generators(source, "direction")
        points = direction.standard_normal((n, self.space))
        return points / np.linalg.norm(points, axis=1, keepdims=True)

    def log_prob_on_support(self, x: np.ndarray) -> np.ndarray:
        """Log density with respect to length (or area) at points of shape (n, d); -inf off the support."""
        size = 2 * math.pi if self.space == 2 else 4 * math.pi
        distance = np.abs(np.linalg.norm(np.asarray(x, dtype=np.float64), axis=-1) - 1.0)
        return np.where(distance < TOLERANCE, -math.log(size), -np.inf)

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Refused: the law has no density in the space around its support.

        Raises:
            InputError: always.
        """
        raise _no_density("circle" if self.space == 2 else "sphere", self.dimension)


@dataclass(frozen=True)
class VerticalLine:
    """The uniform law on the segment {θ} × [0, 1]: the points (θ, Z), Z uniform on [0, 1].

    Example 1 of Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017 (https://arxiv.org/abs/1701.07875): between
    θ and 0 the Wasserstein-1 distance is |θ|, while for θ ≠ 0 the Jensen-Shannon divergence is log 2 and the
    Kullback-Leibler divergence infinite.

    Attributes:
        theta: the first coordinate.
    """

    theta: float = 0.0

    @property
    def dimension(self) -> int:
        """The dimension of the support."""
        return 1

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        """Draw n points, shape (n, 2)."""
        (height,) = generators(source, "height")
        return np.stack([np.full(n, float(self.theta)), height.random(n)], axis=1)

    def log_prob_on_support(self, x: np.ndarray) -> np.ndarray:
        """Log density with respect to length at points of shape (n, 2): 0 on the segment, -inf off it."""
        points = np.asarray(x, dtype=np.float64)
        across = np.abs(points[:, 0] - self.theta)
        along = np.maximum(points[:, 1] - 1.0, -points[:, 1])
        return np.where((across < TOLERANCE) & (along < TOLERANCE), 0.0, -np.inf)

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Refused: the law has no density in the plane.

        Raises:
            InputError: always.
        """
        raise _no_density("line", self.dimension)


def _no_density(name: str, dimension: int) -> InputError:
    return InputError(
        f"A {name} is {'a curve' if dimension == 1 else 'a surface'} and has no density in the space around it; "
        "log_prob_on_support gives its density on itself."
    )
