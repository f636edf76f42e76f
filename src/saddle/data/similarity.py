"""Points to zero mean and unit size, with their geometry kept."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.data.scan import blocks


@dataclass(frozen=True)
class Similarity:
    """A shift and one common scale: distances keep their ratios and angles stay.

    Attributes:
        center: the own point that becomes the origin.
        scale: the own length that becomes 1.
    """

    center: tuple[float, ...]
    scale: float

    @classmethod
    def fitted(cls, points: np.ndarray, *, peak: float) -> "Similarity":
        """The similarity after which points have mean 0 and a mean square per coordinate of 1.

        Args:
            points: finite numbers, shape (n, d).
            peak: their largest magnitude; sums are taken in units of it, so that no square overflows.
        """
        unit = peak if peak > 0 else 1.0
        center = np.sum([block.sum(0) for block in blocks(points, unit=unit)], axis=0) / len(points)
        square = np.sum([np.square(block - center).sum() for block in blocks(points, unit=unit)]) / points.size
        scale = float(np.sqrt(square)) * unit
        # What is constant up to rounding has no scale of its own.
        return cls(tuple((center * unit).tolist()), scale if scale > 1e-12 * unit else 1.0)

    def encode(self, own: np.ndarray) -> Tensor:
        """Points of shape (n, d) in model units, float64."""
        return torch.from_numpy((own.astype(np.float64) - np.asarray(self.center)) / self.scale)

    def decode(self, model: Tensor) -> np.ndarray:
        """Points of shape (n, d) in own units, float64."""
        return model.detach().cpu().double().numpy() * self.scale + np.asarray(self.center)

    def to_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {"kind": "similarity", "center": list(self.center), "scale": self.scale}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Similarity":
        """The transform that `to_record` described."""
        return cls(tuple(float(value) for value in record["center"]), float(record["scale"]))
