"""Losses of differences of scores: is this example more like data than that one?"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor
from torch.nn.functional import softplus

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class RelativisticPaired:
    """Each real example is compared with one generated example; only the difference of their scores counts.

    The critic minimizes -log sigmoid(D(x) - D(G(z))). A constant added to all scores changes nothing, and no sample can
    win by leaving a region of data to others, since every real example is a rival of its own: the loss landscape has
    none of the bad minima that correspond to lost modes. When to use it: with R1 and R2, for data with many modes.

    Reference: Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv 1807.00734; Sun, Fang & Schwing 2020,
    Towards a Better Global Loss Landscape of GANs, arXiv 2011.04926; Huang et al. 2024, The GAN is dead; long live the
    GAN!, equation 2, arXiv 2501.05441.

    Attributes:
        form: of the generator's loss. "non-saturating" minimizes -log sigmoid(D(G(z)) - D(x)), as the published code
            does; "minimax" descends what the critic climbs, as the published equation says.

    Example:
        >>> import torch
        >>> RelativisticPaired().critic(torch.full((4,), 7.0), torch.full((4,), 7.0))  # log 2
        tensor(0.6931)
    """

    form: Literal["non-saturating", "minimax"] = "non-saturating"
    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-E log sigmoid(D(x) - D(G(z)))."""
        return softplus(fake - real).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E log sigmoid(D(G(z)) - D(x)), or E log sigmoid(D(x) - D(G(z)))."""
        if self.form == "minimax":
            return -softplus(fake - real).mean()
        return softplus(real - fake).mean()


@dataclass(frozen=True)
class RelativisticAverage:
    """Each example is compared with the mean of the other side.

    The generator's loss is the critic's with the sides exchanged, so that it also lowers the scores of data. When to
    use it: for large pictures from few examples, where the paper found the plain game and least squares to fail, and
    with a gradient penalty, where one critic update a round shall do; for many modes take `RelativisticPaired`.

    Reference: Jolicoeur-Martineau 2018, The relativistic discriminator, section 4.2, arXiv 1807.00734 (RaSGAN).

    Example:
        >>> import torch
        >>> RelativisticAverage().critic(torch.zeros(4), torch.zeros(4))  # log 4
        tensor(1.3863)
    """

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-E log sigmoid(D(x) - E D(G(z))) - E log sigmoid(E D(x) - D(G(z)))."""
        return _above_mean(real, fake) + _below_mean(fake, real)

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E log sigmoid(D(G(z)) - E D(x)) - E log sigmoid(E D(G(z)) - D(x))."""
        return _above_mean(fake, real) + _below_mean(real, fake)


def _above_mean(scores: Tensor, others: Tensor) -> Tensor:
    return softplus(others.mean() - scores).mean()


def _below_mean(scores: Tensor, others: Tensor) -> Tensor:
    return softplus(scores - others.mean()).mean()
