"""The randomness a loss asks for: named tensors of fixed shape, drawn for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

import torch
from torch import Tensor

from saddle.core.randomness import Stream

Draws = Mapping[str, Tensor]
BLOCK_NUMBERS, BLOCK_ROUNDS = 2**16, 64


@dataclass(frozen=True)
class Noise:
    """A named tensor of randomness that the engine draws for a loss.

    Attributes:
        kind: "normal" for N(0, 1), "uniform" for U[0, 1).
        shape: the full shape, batch included.
        sharded: the axis that data-parallel ranks share out, or None where every rank needs all of it.
    """

    kind: Literal["normal", "uniform"]
    shape: tuple[int, ...]
    sharded: int | None = 0

    def draw(self, generator: torch.Generator, dtype: torch.dtype, device: torch.device) -> Tensor:
        """One draw of this noise from a seeded generator."""
        sampler = torch.randn if self.kind == "normal" else torch.rand
        return sampler(self.shape, generator=generator, dtype=dtype, device=device)


def rounds_at_once(repeats: int, shape: tuple[int, ...]) -> int:
    """For how many rounds numbers of this shape are made at once, `repeats` times each; nothing else decides it."""
    return max(1, min(BLOCK_ROUNDS, BLOCK_NUMBERS // max(1, repeats * prod(shape))))


def draw(noise: Mapping[str, Noise], stream: Stream, dtype: torch.dtype, device: torch.device) -> dict[str, Tensor]:
    """Each named noise, drawn from the child stream of its name."""
    return {name: one.draw(stream.child(name).torch(device), dtype, device) for name, one in noise.items()}
