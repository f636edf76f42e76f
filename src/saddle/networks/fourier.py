"""What a perceptron sees of numbers beside the numbers themselves."""

import math

import torch
from torch import Tensor, nn


class FourierFeatures(nn.Module):
    """Vectors (n, d) with the sines and cosines of x·π/2·2^k beside them, times 2^(-k/2), k from 0 to `octaves` - 1.

    A perceptron learns slow functions first, and steep ones of few inputs hardly at all; of waves it makes them easily.
    The slowest has a period of 4, about the width of standardized data; each further one half the period before, and
    less weight, so that slow functions are still the first.

    Reference: Tancik et al. 2020, Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional
    Domains, arXiv 2006.10739 (positional encoding, weighted; the numbers themselves stay beside it).
    """

    def __init__(self, octaves: int) -> None:
        super().__init__()
        self.octaves = octaves

    def width(self, inputs: int) -> int:
        """How many numbers a vector of `inputs` becomes."""
        return inputs * (1 + 2 * self.octaves)

    def forward(self, x: Tensor) -> Tensor:
        """Vectors (n, d·(1 + 2·octaves)); unchanged without octaves."""
        if not self.octaves:
            return x
        octave = torch.arange(self.octaves, device=x.device, dtype=x.dtype)
        angles, weights = x.unsqueeze(-1) * (math.pi / 2 * 2**octave), 2 ** (-octave / 2)
        return torch.cat([x, *((weights * wave).flatten(-2) for wave in (angles.sin(), angles.cos()))], dim=-1)
