"""The noisy spiral of the WGAN-GP paper."""

import math
from dataclasses import dataclass

import numpy as np

from saddle.core.randomness import Stream
from saddle.data.law import generators
from saddle.data.scan import blocks

FIRST, LAST = 1.5 * math.pi, 4.5 * math.pi
PANELS, NODES = 240, 8


@dataclass(frozen=True)
class SwissRoll:
    """A spiral with Gaussian noise: (t cos t, t sin t) + .25 N(0, I), all divided by 7.5, t uniform on [1.5π, 4.5π].

    The two curled dimensions of the three-dimensional roll, with the constants of Gulrajani et al., "Improved Training
    of Wasserstein GANs", 2017 (https://arxiv.org/abs/1704.00028).

    Attributes:
        noise: the standard deviation of the noise before the division.
        scale: the divisor.
    """

    noise: float = 0.25
    scale: float = 7.5

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        """Draw n points, shape (n, 2)."""
        place, noise = generators(source, "place", "noise")
        t = FIRST + (LAST - FIRST) * place.random(n)
        return (_curve(t) + self.noise * noise.standard_normal((n, 2))) / self.scale

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Log density at points of shape (n, 2), shape (n,).

        The integral over t is taken by Gauss-Legendre quadrature on 240 panels of 8 nodes, each panel about two
        standard deviations of the noise long at the outer end.
        """
        from scipy.special import logsumexp

        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        edges = np.linspace(FIRST, LAST, PANELS + 1)
        t = (edges[:-1, None] + np.diff(edges)[:, None] * (nodes + 1) / 2).reshape(-1)
        log_weight = np.log(np.tile(weights / 2, PANELS) / PANELS)
        curve = _curve(t)
        parts: list[np.ndarray] = [np.empty(0)]
        # A block of a few megabytes of points is cut again, because each point meets 1,920 nodes.
        for block in blocks(np.asarray(x, dtype=np.float64)):
            for points in np.array_split(block * self.scale, max(1, len(block) // 2048)):
                square = np.square(points[:, None, :] - curve).sum(-1) / self.noise**2
                parts.append(np.asarray(logsumexp(log_weight - 0.5 * square, axis=1)))
        # The noise has density 1 / (2π noise²) at its center; dividing by `scale` multiplies densities by its square.
        return np.concatenate(parts) - math.log(2 * math.pi * self.noise**2) + 2 * math.log(self.scale)


def _curve(t: np.ndarray) -> np.ndarray:
    return np.stack([t * np.cos(t), t * np.sin(t)], axis=1)
