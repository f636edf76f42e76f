"""A critic that tells classes, in place of one that is told them."""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import log_softmax

from saddle.networks.labels import one_hot


class Classifying(nn.Module):
    """A critic whose network makes 1 + classes numbers of an example: its score, and the logits of the classes.

    Args:
        network: maps examples (n, ...) to (n, 1 + classes).
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, y: Tensor | None = None, *, whole: bool = False) -> Tensor:
        """Scores, shape (n,), or with `whole` all numbers; labels are not looked at."""
        found = self.network(x)
        return found if whole else found[:, 0]


@dataclass(frozen=True)
class ClassTerm:
    """What both players lose where classes are not recognized: weight * E -log P(y | x).

    The critic learns classes from real and from generated examples, and the generator makes examples whose class shows.
    What maximizes the critic's share is not the data's law alone: examples that are easy to tell are made more often
    than they occur.

    Reference: Odena, Olah & Shlens 2017, Conditional Image Synthesis with Auxiliary Classifier GANs, equation 3,
    arXiv 1610.09585, with its weight of one free here.

    Attributes:
        weight: in units of the objective's loss by nat.
    """

    weight: float

    def at(self, critic: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """The term at examples of classes `y`, shape (n,), and the share of them that is recognized."""
        # The scores come from a pass of their own.
        logits = critic(x, whole=True)[:, 1:]
        term = -self.weight * (one_hot(y, logits.shape[1], logits.dtype) * log_softmax(logits, 1)).sum(1).mean()
        return term, (logits.detach().argmax(1) == y).to(logits.dtype).mean()
