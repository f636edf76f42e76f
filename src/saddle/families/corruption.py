"""The corruptions C(x~ | x) that a denoising autoencoder or a generative stochastic network learns to undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.ranges import Positive, PositiveShare
from saddle.families.tables import decode


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
class Masking:
    """Each visible is set to 0 with a probability: a pixel to black, a standardized number to its mean.

    Reference: Vincent et al. 2008, Extracting and Composing Robust Features with Denoising Autoencoders.

    Attributes:
        share: the probability of being set to 0.
    """

    share: PositiveShare = 0.25

    @property
    def noise(self) -> Literal["normal", "uniform"]:
        """Uniform noise."""
        return "uniform"

    def corrupt(self, v: Tensor, noise: Tensor) -> Tensor:
        """Visibles where the noise is at least `share`, else 0."""
        return v * (noise >= self.share)


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


CORRUPTIONS: Mapping[str, type] = {
    "masking": Masking,
    "salt-and-pepper": SaltAndPepper,
    "gaussian": GaussianNoise,
}


def read_corruption(value: Any) -> Corruption | None:
    """The value of a setting that is a corruption, or None.

    Raises:
        InputError: when it is neither.
    """
    value = None if value is None else decode(value, CORRUPTIONS, "corruption")
    if value is not None and not isinstance(value, Corruption):
        raise InputError(f"corruption needs noise and a method corrupt(v, noise), and got {value!r}.")
    return value
