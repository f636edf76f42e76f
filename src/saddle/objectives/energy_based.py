"""Energies with a margin."""

from dataclasses import dataclass
from typing import ClassVar

from torch.nn.functional import relu

from saddle.core.ranges import Positive
from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class EnergyBased:
    """The critic lowers the energy of data, and raises that of samples up to a margin.

    The energy is minus the score, so that data score above samples as in every other game, and it must not be
    negative: the paper's critic is an autoencoder, and its energy the error of reconstruction (`Reconstruction`). When
    to use it: to see that game; the critics of other objectives, whose scores have no bound, run away in it.

    Reference: Zhao, Mathieu & LeCun 2017, Energy-based Generative Adversarial Network, equations 1 and 2,
    arXiv 1609.03126.

    Attributes:
        margin: the energy beyond which a sample counts no more, in the units of the energy.

    Example:
        >>> import torch
        >>> EnergyBased(1.0).critic(torch.full((4,), -0.25), torch.full((4,), -0.5))
        tensor(0.7500)
    """

    margin: Positive = 1.0
    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """E energy(x) + E max(0, margin - energy(G(z)))."""
        return -real.mean() + relu(self.margin + fake).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """E energy(G(z))."""
        return -fake.mean()
