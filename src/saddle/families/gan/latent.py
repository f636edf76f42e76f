"""What a generator starts from: the law of its input z, independent in each dimension."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.ranges import Count, Positive


@runtime_checkable
class Latent(Protocol):
    """A law of latents."""

    @property
    def dimension(self) -> int:
        """How many numbers make one latent."""
        ...

    def noise(self, count: int) -> Noise:
        """The noise that `values` turns into `count` latents."""
        ...

    def values(self, noise: Tensor) -> Tensor:
        """Latents (n, dimension) from their noise."""
        ...


@dataclass(frozen=True)
class Normal:
    """z ~ N(0, 1).

    Attributes:
        dimension: how many numbers make one latent.
    """

    dimension: Count = 64

    def noise(self, count: int) -> Noise:
        """Normal noise."""
        return Noise("normal", (count, self.dimension))

    def values(self, noise: Tensor) -> Tensor:
        """The noise itself."""
        return noise


@dataclass(frozen=True)
class Uniform:
    """z ~ U[-bound, bound].

    Attributes:
        dimension: how many numbers make one latent.
        bound: half the width; the square root of 3 gives unit variance.
    """

    dimension: Count = 64
    bound: Positive = 1.0

    def noise(self, count: int) -> Noise:
        """Uniform noise."""
        return Noise("uniform", (count, self.dimension))

    def values(self, noise: Tensor) -> Tensor:
        """The noise, stretched."""
        return self.bound * (2 * noise - 1)


LATENTS: dict[str, type] = {"normal": Normal, "uniform": Uniform}


def generated(generator: nn.Module, latent: Latent, noise: Draws, y: Tensor | None) -> Tensor:
    """What a generator makes of the noise "latent", and of class indices where there are any."""
    z = latent.values(noise["latent"])
    return generator(z) if y is None else generator(z, y)
