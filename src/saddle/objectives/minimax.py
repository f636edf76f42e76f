"""The value function of the first GAN, played by both sides as written."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor
from torch.nn.functional import softplus

from saddle.core.ranges import ShareBelowOne
from saddle.core.shapes import Scalar, Scores


def logistic(real: Scores, fake: Scores, smoothing: float) -> Scalar:
    """The logistic loss of a critic whose target is 1 - smoothing at data and 0 at samples."""
    # log D and log(1 - D) differ by the logit, so that the share of the other label is a term linear in the scores.
    value = softplus(-real).mean() + softplus(fake).mean()
    return value + smoothing * real.mean() if smoothing else value


@dataclass(frozen=True)
class Minimax:
    """V(D, G) = E log D(x) + E log(1 - D(G(z))): the critic climbs it, the generator descends it.

    Scores are logits, D = sigmoid(score). The critic minimizes -V. The generator minimizes the only term of V that it
    moves, E log(1 - D(G(z))) = mean of -softplus(fake), whose gradient vanishes as D(G(z)) -> 0: the loss "saturates".
    At the optimal critic D* = p/(p+q), V = 2 JSD(p, q) - log 4.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, equation 1, arXiv 1406.2661; for the smoothing
    Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4, arXiv 1606.03498.

    Attributes:
        smoothing: how far below 1 the critic's target for data lies (one-sided label smoothing), in [0, 1). With .1
            the optimal critic is .9 p/(p+q), which is never sure of data; it bounds scores at data from above. When
            to use it: where D(x) runs to 1; penalties do more.

    Example:
        >>> import torch
        >>> Minimax().critic(torch.zeros(4), torch.zeros(4))  # log 4
        tensor(1.3863)
    """

    smoothing: ShareBelowOne = 0.0
    separates: ClassVar[bool] = True

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """-V(D, G); smoothed, the cross entropy to 1 - smoothing takes the place of -E log D(x)."""
        return logistic(real, fake, self.smoothing)

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """E log(1 - D(G(z)))."""
        return -softplus(fake).mean()

    def probability(self, scores: Tensor) -> Tensor:
        """D = sigmoid(score)."""
        return scores.sigmoid()
