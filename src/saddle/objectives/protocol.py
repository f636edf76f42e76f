"""What an objective is: two pure losses of score vectors, or one distance between batches."""

from typing import Protocol, runtime_checkable

from torch import Tensor

from saddle.core.shapes import Scalar, Scores, Vectors


@runtime_checkable
class Objective(Protocol):
    """The two losses of a game between a critic and a generator.

    Both see the scores of real and of generated examples, so relativistic losses need no special case; others ignore
    one argument. No base class is needed: any value with these two methods is an objective.

    One whose losses of a batch are the mean of those of its halves, real and fake at the same places, may say so with a
    class attribute `separates = True`: the cores of a processor then share out its batches.
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


@runtime_checkable
class Discrepancy(Protocol):
    """A distance between a batch of data and one of samples, which the generator lowers.

    It scores no single examples. No base class is needed: any value with this attribute and this method is one.
    """

    @property
    def features(self) -> int:
        """How many numbers a critic makes of an example, trained to raise the distance between batches of them.

        With 0 there is no critic, and examples are compared as they are, each as one vector.
        """
        ...

    def distance(self, real: Vectors, fake: Vectors) -> Scalar:
        """The distance between two batches of vectors, each of at least 2."""
        ...
