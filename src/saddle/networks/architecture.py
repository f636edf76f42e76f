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


@runtime_checkable
class Featured(Protocol):
    """Builds critics that make several numbers of an example: features, or a score with the logits of classes."""

    def feature_critic(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """A critic of examples of this shape that makes vectors (n, outputs)."""
        ...


@runtime_checkable
class Coder(Protocol):
    """Builds the two networks of an autoencoder.

    An encoder maps examples (n, *shape), and class indices (n,) where `classes` is positive, to vectors (n, outputs);
    a decoder maps vectors, and class indices, to unbounded numbers of the examples' shape.
    """

    def encoder(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """An encoder to `outputs` numbers; `classes` is 0 for data without labels."""
        ...

    def decoder(self, inputs: int, shape: Shape, classes: int) -> nn.Module:
        """A decoder from `inputs` numbers; `classes` is 0 for data without labels."""
        ...
