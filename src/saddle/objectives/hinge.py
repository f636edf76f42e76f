"""The hinge loss of support vector machines, between data and samples."""

from dataclasses import dataclass
from typing import ClassVar

from torch.nn.functional import relu

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class Hinge:
    """The critic separates data from samples by a margin; the generator raises the scores of its samples.

    A score beyond the margin costs nothing more, so the critic learns from the examples near its boundary. With p and
    q fixed the best critic is the sign of p - q and its loss is 2 - 2 TV(p, q). When to use it: with spectral
    normalization, as most large picture GANs of 2018 to 2020 did.

    Reference: Lim & Ye 2017, Geometric GAN, arXiv 1705.02894; Miyato et al. 2018, Spectral Normalization for GANs,
    equations 16 and 17, arXiv 1802.05957.

    Example:
        >>> import torch
        >>> Hinge().critic(torch.full((4,), 2.0), torch.zeros(4))  # data beyond the margin, samples one short of it
        tensor(1.)
    """

    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))."""
        return relu(1 - real).mean() + relu(1 + fake).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E D(G(z))."""
        return -fake.mean()
