"""What keeps an autoencoder from learning nothing but to copy."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from saddle.core.noise import Noise
from saddle.core.ranges import Positive

Corruption = Literal["masking", "salt-and-pepper", "gaussian"]


@dataclass(frozen=True)
class Denoising:
    """The clean example is reconstructed from a corrupted one; in a stack, each layer corrupts its own input.

    Reference: Vincent et al. 2008, Extracting and Composing Robust Features with Denoising Autoencoders; for the kinds
    of noise Vincent et al. 2010, Stacked Denoising Autoencoders, section 3.3.

    Attributes:
        corruption: "masking" sets numbers to 0 (of pictures: to black), "salt-and-pepper" to 0 or 1, which is for
            pictures and for sigmoid codes, "gaussian" adds normal noise.
        level: the share of the numbers that are set, at most 1, or the standard deviation of the noise.
    """

    corruption: Corruption = "masking"
    level: Positive = 0.25

    def noise(self, shape: tuple[int, int]) -> Noise:
        """What `corrupted` needs for inputs of this shape."""
        return Noise("normal" if self.corruption == "gaussian" else "uniform", shape)

    def corrupted(self, x: Tensor, noise: Tensor) -> Tensor:
        """Inputs (n, d) after corruption."""
        if self.corruption == "gaussian":
            return x + self.level * noise
        if self.corruption == "masking":
            return x * (noise >= self.level)
        half = self.level / 2
        return torch.where(noise < half, 0.0, torch.where(noise >= 1 - half, 1.0, x))


@dataclass(frozen=True)
class Contractive:
    """The squared Frobenius norm of the encoder's Jacobian is added to the loss; in a stack, that of each layer.

    Reference: Rifai et al. 2011, Contractive Auto-Encoders: Explicit Invariance During Feature Extraction.

    Attributes:
        weight: of the penalty beside the reconstruction error, which is a sum over the numbers of an example.
    """

    weight: Positive = 1.0


Regularizer = Denoising | Contractive
AUTOENCODER_REGULARIZERS: dict[str, type] = {"denoising": Denoising, "contractive": Contractive}
