"""The value function of the first GAN, played by both sides as written."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus

from saddle.core.shapes import Scalar, Scores


@dataclass(frozen=True)
class Minimax:
    """V(D, G) = E log D(x) + E log(1 - D(G(z))): the critic climbs it, the generator descends it.

    Scores are logits, D = sigmoid(score). The critic minimizes -V. The generator minimizes the only term of V that it
    moves, E log(1 - D(G(z))) = mean of -softplus(fake), whose gradient vanishes as D(G(z)) -> 0: the loss "saturates".
    At the optimal critic D* = p/(p+q), V = 2 JSD(p, q) - log 4.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, equation 1, arXiv 1406.2661.

    Example:
        >>> import torch
        >>> Minimax().critic(torch.zeros(4), torch.zeros(4))  # log 4
        tensor(1.3863)
    """

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-V(D, G)."""
        return softplus(-real).mean() + softplus(fake).mean()

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """E log(1 - D(G(z)))."""
        return -softplus(fake).mean()

    def probability(self, scores: Tensor) -> Tensor:
        """D = sigmoid(score)."""
        return scores.sigmoid()
