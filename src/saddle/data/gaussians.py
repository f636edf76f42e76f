"""The Gaussian laws: one normal, and mixtures whose modes can be counted."""

import math
from dataclasses import dataclass

import numpy as np

from saddle.core.randomness import Stream
from saddle.data.law import generators


@dataclass(frozen=True)
class Normal:
    """The standard normal law in d dimensions.

    Attributes:
        dimension: d.
    """

    dimension: int = 2

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        """Draw n points, shape (n, d)."""
        (noise,) = generators(source, "noise")
        return noise.standard_normal((n, self.dimension))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Log density at points of shape (n, d), shape (n,)."""
        points = np.asarray(x, dtype=np.float64)
        return -0.5 * np.square(points).sum(-1) - 0.5 * self.dimension * math.log(2 * math.pi)


@dataclass(frozen=True, eq=False)
class GaussianMixture:
    """Equally likely round Gaussians of one width.

    Attributes:
        means: the centers, shape (k, d).
        std: the standard deviation of each coordinate within a mode.
    """

    means: np.ndarray
    std: float

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        """Draw n points, shape (n, d)."""
        mode, noise = generators(source, "mode", "noise")
        # Uniforms rather than integers: one number per point whatever k is, so that point i does not depend on n.
        chosen = (mode.random(n) * len(self.means)).astype(np.int64)
        return self.means[chosen] + self.std * noise.standard_normal((n, self.means.shape[1]))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Log density at points of shape (n, d), shape (n,)."""
        from scipy.special import logsumexp

        points = np.asarray(x, dtype=np.float64)
        modes, dimension = self.means.shape
        square = np.square(points[:, None, :] - self.means).sum(-1) / self.std**2
        return (
            logsumexp(-0.5 * square, axis=1) - math.log(modes) - dimension * math.log(self.std * math.sqrt(2 * math.pi))
        )


def ring() -> GaussianMixture:
    """Eight Gaussians of standard deviation .01 on the unit circle, at the angles 2πi/8 for i from 0 to 7."""
    angles = 2 * np.pi * np.arange(8) / 8
    return GaussianMixture(np.stack([np.cos(angles), np.sin(angles)], axis=1), 0.01)


def grid() -> GaussianMixture:
    """Twenty-five Gaussians of standard deviation .05 on the square grid {-4, -2, 0, 2, 4}²."""
    side = np.arange(-4.0, 5.0, 2.0)
    return GaussianMixture(np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2), 0.05)
