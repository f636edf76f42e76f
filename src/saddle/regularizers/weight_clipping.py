"""Weight clipping, the first way to bound a critic's Lipschitz constant."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from saddle.core.ranges import Positive


@dataclass(frozen=True)
class WeightClipping:
    """Clamps each parameter of the critic to [-bound, bound] after each update.

    Its authors call it "a clearly terrible way to enforce a Lipschitz constraint"; it is here because it is the one
    their paper uses.

    Reference: Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, Algorithm 1 (bound .01), arXiv 1701.07875.

    Attributes:
        bound: the paper's c, in the units of the weights.
    """

    bound: Positive = 0.01
    separates: ClassVar[bool] = True

    def project(self, name: str, parameter: Tensor) -> None:
        """Clamp in place."""
        parameter.clamp_(-self.bound, self.bound)
