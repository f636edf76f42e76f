"""Dropout whose mask is a function of the network's buffers.

torch's own dropout reads a global generator: it cannot run in a population of seeds, and a resumed run would have to
restore that generator. Here a buffer holds a key and a count of passes, and a mask is a hash of key, count and
position, so that the network's state says all.
"""

import torch
from torch import Tensor, nn

_MASK = 0xFFFFFFFF


def hash32(x: Tensor) -> Tensor:
    """A bijective mixing of 32-bit integers held in int64 (two multiply-xorshift rounds)."""
    x = x ^ (x >> 16)
    x = (x * 0x7FEB352D) & _MASK
    x = x ^ (x >> 15)
    x = (x * 0x846CA68B) & _MASK
    return x ^ (x >> 16)


class Dropout(nn.Module):
    """Keeps each input with probability `keep`, scaled by 1/keep, and zeroes it otherwise; does nothing in evaluation.

    Reference: Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting.
    """

    key: Tensor
    passes: Tensor

    def __init__(self, keep: float) -> None:
        super().__init__()
        self.keep = keep
        self.register_buffer("key", torch.randint(0, _MASK, ()))
        self.register_buffer("passes", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        """The input with a fresh mask."""
        if not self.training:
            return x
        self.passes.add_(1)
        start = hash32((self.key ^ hash32(self.passes & _MASK)) & _MASK)
        positions = torch.arange(x.numel(), device=x.device).reshape(x.shape)
        kept = hash32((positions * 0x9E3779B1 + start) & _MASK) < self.keep * 2.0**32
        return x * kept / self.keep
