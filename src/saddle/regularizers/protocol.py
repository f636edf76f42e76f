"""What a regularizer is: a frozen value with one method, whose name says when it acts.

| method | acts |
|---|---|
| `perturb` | on what the critic sees |
| `penalty` | on the critic's loss, through scores and input gradients |
| `difference` | on the critic's loss, through scores of examples and of the same examples moved |
| `project` | on the critic's weights, after each update |
| `normalize` | on the critic's layers, when it is built |

One that does to a batch what it does to its halves, a penalty being the mean of theirs, may say so with a class
attribute `separates = True`: the cores of a processor then share out batches.
"""

from typing import ClassVar, Literal, Protocol, runtime_checkable

from torch import Tensor, nn

from saddle.core.shapes import Examples, Scalar, Scores

Place = Literal["real", "fake", "between", "around"]


@runtime_checkable
class Perturbation(Protocol):
    """Changes the examples, real and generated alike, before the critic sees them."""

    def perturb(self, x: Examples, noise: Examples, round: Tensor) -> Examples:
        """The examples the critic sees; `noise` is N(0, 1) of the shape of `x`, `round` a 0-d tensor."""
        ...


@runtime_checkable
class Penalty(Protocol):
    """Adds to the critic's loss a function of its scores and their input gradients.

    Attributes:
        at: where: on real examples, on generated ones, between them at uniform interpolates of random pairs, or around
            real ones, where the method `around(real, noise)` says.
    """

    at: ClassVar[Place]

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """The term to add; `gradient[i]` is the gradient of `scores[i]` by its example."""
        ...


@runtime_checkable
class Surrounding(Protocol):
    """A penalty that chooses its points near real ones."""

    def around(self, real: Examples, noise: Examples) -> Examples:
        """The points; `noise` is N(0, 1) of the shape of `real`."""
        ...


@runtime_checkable
class Scheduled(Protocol):
    """A penalty whose weight changes over the rounds."""

    def share(self, round: Tensor) -> Tensor:
        """What the penalty is multiplied by in this round, a 0-d tensor like `round`."""
        ...


@runtime_checkable
class Invariance(Protocol):
    """Adds to the critic's loss how much its scores change when examples are moved in a way that should not matter.

    Attributes:
        at: which examples: "real" or "fake".
    """

    @property
    def at(self) -> Literal["real", "fake"]:
        """Which examples."""
        ...

    def moved(self, x: Examples, noise: Examples) -> Examples:
        """The examples moved; `noise` is N(0, 1) of the shape of `x`."""
        ...

    def difference(self, scores: Scores, moved: Scores) -> Scalar:
        """The term to add."""
        ...


@runtime_checkable
class Projection(Protocol):
    """Moves each parameter of the critic back to an allowed set after each update."""

    def project(self, name: str, parameter: Tensor) -> None:
        """Change the parameter in place."""
        ...


@runtime_checkable
class Normalization(Protocol):
    """Has the critic's layers compute with other weights than those that are learned."""

    def normalize(self, critic: nn.Module) -> nn.Module:
        """The critic, changed."""
        ...


ACTS = ("perturb", "penalty", "difference", "project", "normalize")
Regularizer = Perturbation | Penalty | Invariance | Projection | Normalization
