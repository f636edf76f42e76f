"""The units in which distances of different data compare."""

from typing import NamedTuple

from torch import Tensor

from saddle.measures.points import Points, as_points


class Standardization(NamedTuple):
    """A shift and one common scale, taken from the training data.

    Attributes:
        center: the mean example, flattened, shape (d,).
        radius: the root mean square distance from it; one where all examples are equal.
    """

    center: Tensor
    radius: float

    def apply(self, x: Points, name: str = "x") -> Tensor:
        """Examples in standardized units, shape (n, d), float64."""
        return (as_points(x, name) - self.center) / self.radius


def standardization(train: Points) -> Standardization:
    """The standardization in which the training data have mean zero and root mean square norm one.

    One scale for all coordinates keeps the geometry of pictures and points; table columns are already alike in model
    units.
    """
    x = as_points(train, "train")
    center = x.mean(0)
    radius = float((x - center).square().sum(1).mean().sqrt())
    return Standardization(center, radius if radius > 0 else 1.0)
