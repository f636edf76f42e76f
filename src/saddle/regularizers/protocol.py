"""What a regularizer is: a frozen value with one method, whose name says when it acts.

| method | acts |
|---|---|
| `perturb` | on what the critic sees |
| `penalty` | on the critic's loss, through scores and input gradients |
| `project` | on the critic's weights, after each update |
"""

from typing import ClassVar, Literal, Protocol, runtime_checkable

from torch import Tensor

from saddle.core.shapes import Examples, Scalar, Scores

Place = Literal["real", "fake", "between"]


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
        at: where: on real examples, on generated ones, or between them, at uniform interpolates of random pairs.
    """

    at: ClassVar[Place]

    def penalty(self, scores: Scores, gradient: Examples) -> Scalar:
        """The term to add; `gradient[i]` is the gradient of `scores[i]` by its example."""
        ...


@runtime_checkable
class Projection(Protocol):
    """Moves each parameter of the critic back to an allowed set after each update."""

    def project(self, name: str, parameter: Tensor) -> None:
        """Change the parameter in place."""
        ...


Regularizer = Perturbation | Penalty | Projection
