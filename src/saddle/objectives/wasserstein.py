"""The earth mover's distance in its dual form."""

from dataclasses import dataclass
from typing import ClassVar

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class Wasserstein:
    """The critic maximizes E f(x) - E f(G(z)), the generator raises E f(G(z)).

    Over 1-Lipschitz critics the maximum is W_1(p, q). This objective says nothing about the Lipschitz bound: combine
    it with `WeightClipping`, `GradientPenalty` or another constraint. Scores are unbounded and are no logits.

    Reference: Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, equation 2 and Algorithm 1, arXiv 1701.07875.

    Example:
        >>> import torch
        >>> Wasserstein().critic(torch.full((4,), 3.0), torch.zeros(4))
        tensor(-3.)
    """

    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """E f(G(z)) - E f(x)."""
        return fake.mean() - real.mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E f(G(z))."""
        return -fake.mean()
