"""Scores that do not change when an example is moved in a way that should not matter."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from saddle.core.ranges import NonNegative
from saddle.core.shapes import Examples, Scalar, Scores
from saddle.regularizers.moves import shifted, steps, uniforms

REACH = 8  # pictures move by at most one in so many pixels


@dataclass(frozen=True)
class Consistency:
    """Adds weight * E (c(x) - c(T(x)))^2, where T moves pictures by whole pixels and anything else by a little noise.

    When to use it: on pictures, beside another regularizer; with one of each place it is the balanced form (bCR). The
    paper's T also mirrors pictures, which digits and letters do not survive.

    Reference: Zhang, Zhang, Odena & Lee 2020, Consistency Regularization for GANs, equation 2, arXiv 1910.12027; Zhao
    et al. 2021, Improved Consistency Regularization for GANs, arXiv 2002.04724, for generated examples.

    Attributes:
        weight: the papers' lambda.
        at: on "real" examples or on generated ones, "fake".
        noise: standard deviation of the noise on points and tables, in model units.
    """

    weight: NonNegative = 10.0
    at: Literal["real", "fake"] = "real"
    noise: NonNegative = 0.05
    separates: ClassVar[bool] = True

    def moved(self, x: Examples, noise: Examples) -> Examples:
        """Pictures by up to an eighth of their size, with the edge repeated; others with noise added."""
        if x.dim() != 4:
            return x + self.noise * noise
        down, right = uniforms(noise, 2)
        height, width = (max(1, round(size / REACH)) for size in x.shape[-2:])
        return shifted(x, steps(down, height), steps(right, width), fill=None)

    def difference(self, scores: Scores, moved: Scores) -> Scalar:
        """weight * E (c(x) - c(T(x)))^2."""
        return self.weight * (scores - moved).square().mean()
