"""The corruption C(x~ | x) that a generative stochastic network learns to undo, one step of its chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import torch
from torch import Tensor

from saddle.core.ranges import Positive, PositiveShare


@runtime_checkable
class Corruption(Protocol):
    """A law of corrupted visibles given clean ones."""

    @property
    def noise(self) -> Literal["normal", "uniform"]:
        """The kind of noise it is made from, one number per visible."""
        ...

    def corrupt(self, v: Tensor, noise: Tensor) -> Tensor:
        """Corrupted visibles, shape (n, d), from clean ones and as much noise."""
        ...


@dataclass(frozen=True)
class SaltAndPepper:
    """Each visible is replaced, with a probability, by 0 or 1 at even odds; for pictures, whose pixels fill [0, 1].

    Attributes:
        share: the probability of being replaced.
    """

    share: PositiveShare = 0.4

    @property
    def noise(self) -> Literal["normal", "uniform"]:
        """Uniform noise."""
        return "uniform"

    def corrupt(self, v: Tensor, noise: Tensor) -> Tensor:
        """One uniform decides both whether a visible is replaced and by what."""
        salted = (noise < self.share / 2).to(v.dtype)
        return torch.where(noise < self.share, salted, v)


@dataclass(frozen=True)
class GaussianNoise:
    """Each visible gets independent normal noise.

    Attributes:
        std: of the noise, in the units of visibles: model units for points and tables, [0, 1] for pictures.
    """

    std: Positive = 0.4

    @property
    def noise(self) -> Literal["normal", "uniform"]:
        """Normal noise."""
        return "normal"

    def corrupt(self, v: Tensor, noise: Tensor) -> Tensor:
        """Visibles plus scaled noise."""
        return v + self.std * noise


CORRUPTIONS: Mapping[str, type] = {"salt-and-pepper": SaltAndPepper, "gaussian": GaussianNoise}
