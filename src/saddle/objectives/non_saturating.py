"""The generator loss that the first GAN paper trained with."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class NonSaturating:
    """The critic of `Minimax`, and a generator that minimizes -E log D(G(z)).

    Scores are logits, D = sigmoid(score). The fixed point is that of the minimax game, and the generator's gradient
    stays large where the critic wins.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, section 3, arXiv 1406.2661.

    Example:
        >>> import torch
        >>> NonSaturating().generator(torch.zeros(4), torch.zeros(4))  # log 2
        tensor(0.6931)
    """

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-E log D(x) - E log(1 - D(G(z)))."""
        return softplus(-real).mean() + softplus(fake).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E log D(G(z))."""
        return softplus(-fake).mean()

    def probability(self, scores: Tensor) -> Tensor:
        """D = sigmoid(score)."""
        return scores.sigmoid()
