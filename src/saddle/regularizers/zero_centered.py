"""Penalties that pull the critic's gradient to zero, on data (R1) or on samples (R2)."""

from dataclasses import dataclass
from typing import ClassVar

from saddle.core.ranges import NonNegative
from saddle.core.shapes import Examples, Scalar, Scores
from saddle.regularizers.protocol import Place


def half_mean_square(gradient: Examples) -> Scalar:
    """E |grad|^2 / 2, the norm summed over all inputs of an example."""
    return gradient.square().flatten(1).sum(1).mean() / 2


@dataclass(frozen=True)
class R1:
    """Adds gamma/2 * E |grad c(x)|^2 over data.

    Reference: Mescheder, Geiger & Nowozin 2018, Which Training Methods for GANs do actually Converge?, equation 9,
    arXiv 1801.04406.

    Attributes:
        gamma: the penalty's weight; in proportion to the number of inputs, since the norm sums over them.
    """

    gamma: NonNegative = 1.0
    at: ClassVar[Place] = "real"

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """gamma/2 * E |grad c(x)|^2."""
        return self.gamma * half_mean_square(gradient)


@dataclass(frozen=True)
class R2:
    """Adds gamma/2 * E |grad c(G(z))|^2 over samples.

    Reference: Mescheder, Geiger & Nowozin 2018, Which Training Methods for GANs do actually Converge?, section 4.1,
    arXiv 1801.04406.

    Attributes:
        gamma: the penalty's weight.
    """

    gamma: NonNegative = 1.0
    at: ClassVar[Place] = "fake"

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """gamma/2 * E |grad c(G(z))|^2."""
        return self.gamma * half_mean_square(gradient)
