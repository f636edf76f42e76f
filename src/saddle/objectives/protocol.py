"""What an objective is: two pure functions of score vectors, both losses to minimize."""

from typing import Protocol, runtime_checkable

from torch import Tensor

from saddle.core.shapes import Scalar, Scores


@runtime_checkable
class Objective(Protocol):
    """The two losses of a game between a critic and a generator.

    Both see the scores of real and of generated examples, so relativistic losses need no special case; others ignore
    one argument. No base class is needed: any value with these two methods is an objective.
    """

    def critic(self, real: Scores, fake: Scores) -> Scalar:
        """The loss the critic minimizes."""
        ...

    def generator(self, real: Scores, fake: Scores) -> Scalar:
        """The loss the generator minimizes."""
        ...


@runtime_checkable
class Discriminating(Protocol):
    """An objective whose scores are logits of "this example is data", so that a run can report D(x)."""

    def probability(self, scores: Tensor) -> Tensor:
        """D at these scores, in [0, 1]."""
        ...
