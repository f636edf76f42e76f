"""Penalties that hold the norm of the critic's gradient near one, between data and samples."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from saddle.core.ranges import NonNegative
from saddle.core.shapes import Examples, Scalar, Scores
from saddle.regularizers.protocol import Place


def gradient_norms(gradient: Examples) -> Scores:
    """Euclidean norm of each example's gradient, over all of its inputs; its slope at a zero gradient is zero."""
    return torch.linalg.vector_norm(gradient.flatten(1), dim=1)


@dataclass(frozen=True)
class GradientPenalty:
    """Adds weight * E (|grad c| - 1)^2 at uniform interpolates of data and samples.

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, equation 3, arXiv 1704.00028 (weight 10;
    .1 for its two-dimensional sets).

    Attributes:
        weight: the paper's lambda.
    """

    weight: NonNegative = 10.0
    at: ClassVar[Place] = "between"
    separates: ClassVar[bool] = True

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """weight * E (|grad c| - 1)^2."""
        return self.weight * (gradient_norms(gradient) - 1).square().mean()


@dataclass(frozen=True)
class OneSidedGradientPenalty:
    """Adds weight * E max(0, |grad c| - 1)^2 at uniform interpolates of data and samples.

    Gradients shorter than one are free, as the 1-Lipschitz constraint asks.

    Reference: Gulrajani et al. 2017, section 4 "two-sided penalty", arXiv 1704.00028; Petzka et al. 2018, On the
    regularization of Wasserstein GANs, arXiv 1709.08894.

    Attributes:
        weight: the papers' lambda.
    """

    weight: NonNegative = 10.0
    at: ClassVar[Place] = "between"
    separates: ClassVar[bool] = True

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """weight * E max(0, |grad c| - 1)^2."""
        return self.weight * (gradient_norms(gradient) - 1).relu().square().mean()
