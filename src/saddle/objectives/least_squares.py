"""Least squares in place of the logistic loss."""

from dataclasses import dataclass
from typing import ClassVar

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class LeastSquares:
    """The critic regresses data to `b` and samples to `a`; the generator pulls samples to `c`.

    Each square carries the published factor 1/2, so with p and q fixed the critic's optimum is (b p + a q)/(p + q) and
    its least loss (b - a)^2/2 * sum p q/(p + q).

    The paper's generator loss also has the term (D(x) - c)^2 over data, which does not move the generator and is
    left out; only with that term is it a divergence (Pearson's chi^2 between p + q and 2 q, when b - c = 1 and
    b - a = 2).

    Reference: Mao et al. 2017, Least Squares Generative Adversarial Networks, arXiv 1611.04076.

    Attributes:
        a: the critic's target for samples.
        b: the critic's target for data.
        c: the generator's target for samples.

    Example:
        >>> import torch
        >>> LeastSquares.binary().critic(torch.ones(4), torch.ones(4))
        tensor(0.5000)
    """

    a: float = 0.0
    b: float = 1.0
    c: float = 1.0
    separates: ClassVar[bool] = True

    @classmethod
    def pearson(cls) -> "LeastSquares":
        """The paper's first scheme, a = -1, b = 1, c = 0 (its equation 8)."""
        return cls(a=-1.0, b=1.0, c=0.0)

    @classmethod
    def binary(cls) -> "LeastSquares":
        """The paper's second scheme, a = 0, b = c = 1 (its equation 9), the default."""
        return cls(a=0.0, b=1.0, c=1.0)

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """E (D(x) - b)^2/2 + E (D(G(z)) - a)^2/2."""
        return (real - self.b).square().mean() / 2 + (fake - self.a).square().mean() / 2

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """E (D(G(z)) - c)^2/2."""
        return (fake - self.c).square().mean() / 2
