"""What an architecture is: a frozen value that builds a generator or a critic for examples of any shape."""

from typing import Protocol, runtime_checkable

from torch import nn

Shape = tuple[int, ...]


@runtime_checkable
class Architecture(Protocol):
    """Builds the two networks of a GAN.

    A generator maps latents (n, d), and class indices (n,) where `classes` is positive, to examples (n, *shape) in
    model units; a critic maps examples, and class indices, to scores (n,).
    """

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """A generator from `latent` numbers; `classes` is 0 for data without labels."""
        ...

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """A critic of examples of this shape; `classes` is 0 for data without labels."""
        ...
