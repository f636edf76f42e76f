"""The gradient penalty around data."""

from dataclasses import dataclass
from typing import ClassVar

from saddle.core.ranges import NonNegative
from saddle.core.shapes import Examples, Scalar, Scores
from saddle.regularizers.gradient_penalty import gradient_norms
from saddle.regularizers.protocol import Place


@dataclass(frozen=True)
class DRAGAN:
    """Adds weight * E (|grad c| - 1)^2 at data with noise, whose width is a share of the batch's deviation.

    When to use it: with the logistic objectives, where a gradient penalty between data and samples is meant and samples
    are still far off. The paper's noise is N(0, c); its authors' code, uniform on [0, 1), shifts all points to one
    side, so it is normal here.

    Reference: Kodali, Abernethy, Hays & Kira 2017, On Convergence and Stability of GANs, section 2.3, arXiv 1705.07215.

    Attributes:
        weight: the paper's lambda.
        spread: of the noise, in deviations of all numbers of the batch.
    """

    weight: NonNegative = 10.0
    spread: NonNegative = 0.5
    at: ClassVar[Place] = "around"

    def around(self, real: Examples, noise: Examples) -> Examples:
        """x + spread * s * noise, s the standard deviation of all numbers in the batch."""
        return real + self.spread * real.std(correction=0) * noise

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """weight * E (|grad c| - 1)^2."""
        return self.weight * (gradient_norms(gradient) - 1).square().mean()
