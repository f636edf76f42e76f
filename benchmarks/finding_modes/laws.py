"""The mixtures whose modes are to be found."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy import ndarray

import saddle
from saddle.core.randomness import Stream
from saddle.data.gaussians import GaussianMixture, grid, ring
from saddle.data.law import generators

EXAMPLES = 100_000


@dataclass(frozen=True, eq=False)
class WeightedMixture:
    """Round Gaussians of one width, not equally likely.

    Attributes:
        means: the centers, shape (k, d).
        std: the standard deviation of each coordinate within a mode.
        weights: shape (k,), of sum one.
    """

    means: ndarray
    std: float
    weights: ndarray

    def sample(self, n: int, source: Stream | np.random.Generator) -> ndarray:
        """Draw n points, shape (n, d)."""
        mode, noise = generators(source, "mode", "noise")
        chosen = np.searchsorted(np.cumsum(self.weights)[:-1], mode.random(n), side="right")
        return self.means[chosen] + self.std * noise.standard_normal((n, self.means.shape[1]))


def large_grid() -> GaussianMixture:
    """A hundred Gaussians of standard deviation .05 on a square grid of spacing 2, 10 by 10."""
    side = 2.0 * np.arange(10) - 9
    return GaussianMixture(np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2), 0.05)


def uneven_ring() -> WeightedMixture:
    """The ring's modes with weights in the ratio 1 to 8; the rarest holds one point in 36."""
    weights = np.arange(1.0, 9.0)
    return WeightedMixture(ring().means, ring().std, weights / weights.sum())


def cube() -> GaussianMixture:
    """Eight Gaussians of standard deviation .05 on the corners of the cube [-1, 1]³."""
    return GaussianMixture(np.array(list(product((-1.0, 1.0), repeat=3))), 0.05)


LAWS = {"ring": ring, "grid": grid, "grid-10x10": large_grid, "uneven-ring": uneven_ring, "cube": cube}


def opened(name: str) -> "saddle.Dataset":
    """A hundred thousand points of a law."""
    if name in ("ring", "grid"):
        return saddle.open(name)
    return saddle.open(LAWS[name](), n=EXAMPLES, name=name)
