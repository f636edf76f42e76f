"""Penalties that pull the critic's gradient to zero, on data (R1), on samples (R2) or between them."""

from dataclasses import dataclass
from math import pi
from typing import ClassVar

import torch
from torch import Tensor

from saddle.core.ranges import CountOrZero, NonNegative
from saddle.core.shapes import Examples, Scalar, Scores
from saddle.regularizers.protocol import Place


def half_mean_square(gradient: Examples) -> Scalar:
    """E |grad|^2 / 2, the norm summed over all inputs of an example."""
    return gradient.square().flatten(1).sum(1).mean() / 2


@dataclass(frozen=True)
class _Weighted:
    """What the three share; the weight may go from `gamma` to `final` along half a cosine.

    Attributes:
        gamma: the penalty's weight; in proportion to the number of inputs, since the norm sums over them.
        final: the weight from round `until` on; has no meaning where `until` is 0.
        until: see `final`; 0 keeps the weight constant.
    """

    gamma: NonNegative = 1.0
    final: NonNegative = 0.0
    until: CountOrZero = 0
    separates: ClassVar[bool] = True

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """gamma/2 * E |grad c|^2."""
        return self.gamma * half_mean_square(gradient)

    def share(self, round: Tensor) -> Tensor:
        """1 at round 0, final/gamma from round `until` on."""
        if not self.until or not self.gamma:
            return torch.ones_like(round, dtype=torch.get_default_dtype())
        last = self.final / self.gamma
        return last + (1 - last) * (1 + torch.cos(pi * (round / self.until).clamp(max=1))) / 2


@dataclass(frozen=True)
class R1(_Weighted):
    """Adds gamma/2 * E |grad c(x)|^2 over data.

    At the optimum the critic is flat on data, so this slows nothing there; away from it the game is damped, and
    converges near the optimum where the plain one circles it. When to use it: always worth a try, with any objective.

    Reference: Mescheder, Geiger & Nowozin 2018, Which Training Methods for GANs do actually Converge?, equation 9,
    arXiv 1801.04406; for the schedule, Huang et al. 2024, arXiv 2501.05441, appendix.

    Attributes:
        gamma: the penalty's weight; in proportion to the number of inputs, since the norm sums over them.
        final: the weight from round `until` on, reached along half a cosine.
        until: see `final`; 0 keeps the weight constant.
    """

    at: ClassVar[Place] = "real"


@dataclass(frozen=True)
class R2(_Weighted):
    """Adds gamma/2 * E |grad c(G(z))|^2 over samples.

    When to use it: with R1, where R1 alone lets the critic grow steep at samples that lie far from data.

    Reference: Mescheder, Geiger & Nowozin 2018, section 4.1, arXiv 1801.04406; Huang et al. 2024, The GAN is dead; long
    live the GAN!, section 3.2, arXiv 2501.05441.

    Attributes:
        gamma: the penalty's weight.
        final: the weight from round `until` on, reached along half a cosine.
        until: see `final`; 0 keeps the weight constant.
    """

    at: ClassVar[Place] = "fake"


@dataclass(frozen=True)
class ZeroCenteredPenalty(_Weighted):
    """Adds gamma/2 * E |grad c|^2 at uniform interpolates of data and samples.

    When to use it: where the critic learns its examples by heart, since it flattens what lies between them.

    Reference: Thanh-Tung, Tran & Venkatesh 2019, Improving Generalization and Stability of GANs, section 5,
    arXiv 1902.03984 (their lambda is gamma/2).

    Attributes:
        gamma: the penalty's weight.
        final: the weight from round `until` on, reached along half a cosine.
        until: see `final`; 0 keeps the weight constant.
    """

    at: ClassVar[Place] = "between"
