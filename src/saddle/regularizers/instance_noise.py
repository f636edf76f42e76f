"""Noise on what the critic sees, so that data and samples overlap."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from saddle.core.ranges import CountOrZero, NonNegative
from saddle.core.shapes import Examples


@dataclass(frozen=True)
class InstanceNoise:
    """Adds N(0, scale^2) to data and samples alike, annealed linearly to nothing.

    Reference: Sønderby et al. 2017, Amortised MAP Inference for Image Super-resolution, section 3.4,
    arXiv 1610.04490; Arjovsky & Bottou 2017, section 3, arXiv 1701.04862.

    Attributes:
        scale: standard deviation at round 0, in model units.
        until: the round from which there is no noise; 0 keeps it constant for ever.
    """

    scale: NonNegative = 0.1
    until: CountOrZero = 0
    separates: ClassVar[bool] = True

    def perturb(self, x: Examples, noise: Examples, round: Tensor) -> Examples:
        """The examples with the round's noise."""
        if not self.until:
            return x + self.scale * noise
        left = (1 - round / self.until).clamp(min=0).to(x.dtype)
        return x + self.scale * left * noise
