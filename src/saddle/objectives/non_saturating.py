"""The generator loss that the first GAN paper trained with."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor
from torch.nn.functional import softplus

from saddle.core.ranges import ShareBelowOne
from saddle.core.shapes import Scalar, Scores
from saddle.objectives.minimax import logistic


@dataclass(frozen=True)
class NonSaturating:
    """The critic of `Minimax`, and a generator that minimizes -E log D(G(z)).

    Scores are logits, D = sigmoid(score). The fixed point is that of the minimax game, and the generator's gradient
    stays large where the critic wins.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, section 3, arXiv 1406.2661.

    Attributes:
        smoothing: how far below 1 the critic's target for data lies, in [0, 1); see `Minimax`.

    Example:
        >>> import torch
        >>> NonSaturating().generator(torch.zeros(4), torch.zeros(4))  # log 2
        tensor(0.6931)
    """

    smoothing: ShareBelowOne = 0.0
    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-E log D(x) - E log(1 - D(G(z))), with the target 1 - smoothing at data."""
        return logistic(real, fake, self.smoothing)

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """-E log D(G(z))."""
        return softplus(-fake).mean()

    def probability(self, scores: Tensor) -> Tensor:
        """D = sigmoid(score)."""
        return scores.sigmoid()
