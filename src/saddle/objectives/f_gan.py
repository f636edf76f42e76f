"""Any f-divergence in its variational form."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from saddle.core.ranges import OpenShare
from saddle.core.shapes import Scalar, Scores
from saddle.measures.probability.f_divergences import F_DIVERGENCES, FDivergence
from saddle.measures.probability.f_families import alpha_divergence, weighted_jensen_shannon

Divergence = Literal[
    "kl",
    "reverse-kl",
    "pearson",
    "neyman",
    "jeffreys",
    "squared-hellinger",
    "jensen-shannon",
    "jensen-shannon-nowozin",
    "total-variation",
    "gan",
    "alpha",
    "weighted-jensen-shannon",
]


@dataclass(frozen=True)
class FGAN:
    """The critic's scores v pass the link g_f to become T, and the critic climbs E T(x) - E f*(T(G(z))).

    Over all critics the maximum is D_f(p, q), with p the data's law. When to use it: to train on a divergence of your
    choice; the row "gan" is the first GAN's game. Of KL, reverse KL, Neyman, Jeffreys, squared Hellinger and the alphas
    below 1 some slope grows exponentially with the scores, so that they need small rates or a regularizer; that of
    total variation vanishes on both sides, and with form "minimax" those of the alphas above 1 on one. The links of
    Jeffreys, of the alphas below 1 and of the weighted Jensen-Shannon are others than the paper's, with the same
    optimum.

    Reference: Nowozin, Cseke & Tomioka 2016, f-GAN, equations 4 to 9 and tables 1, 2 and 6, arXiv 1606.00709.

    Attributes:
        divergence: the row of the table of f, or "alpha" or "weighted-jensen-shannon", which have a number in them.
        form: of the generator's loss. "minimax" descends what the critic climbs, equation 8; "non-saturating" raises
            E T(G(z)), the paper's section 3.2.
        alpha: of the alpha-divergence, neither 0 nor 1.
        weight: of the data in the mixture of the weighted Jensen-Shannon divergence.

    Example:
        >>> import torch
        >>> FGAN("gan").critic(torch.zeros(4), torch.zeros(4))  # log 4
        tensor(1.3863)
    """

    divergence: Divergence = "jensen-shannon"
    form: Literal["non-saturating", "minimax"] = "non-saturating"
    alpha: float = 2.0
    weight: OpenShare = 0.5
    separates: ClassVar[bool] = True

    @property
    def row(self) -> FDivergence:
        """The divergence's row of the table, or one like it.

        Raises:
            InputError: when alpha is 0 or 1.
        """
        if self.divergence == "alpha":
            return alpha_divergence(self.alpha)
        if self.divergence == "weighted-jensen-shannon":
            return weighted_jensen_shannon(self.weight)
        return F_DIVERGENCES[self.divergence]

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """E f*(g_f(v(G(z)))) - E g_f(v(x))."""
        return self.row.conjugate_of_link(fake).mean() - self.row.link(real).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E g_f(v(G(z))), or -E f*(g_f(v(G(z))))."""
        if self.form == "minimax":
            return -self.row.conjugate_of_link(fake).mean()
        return -self.row.link(fake).mean()
