"""Randomness as a function of a key, so that nothing about it has to be stored or resumed.

A `Stream` is a path of names under a seed. Equal paths give equal numbers, whatever was drawn before:

    >>> Stream(0).child("critic", 12).integer() == Stream(0).child("critic", 12).integer()
    True
    >>> Stream(0).child("critic", 12).integer() == Stream(0).child("critic", 13).integer()
    False
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import torch

BLOCK = 256


@dataclass(frozen=True)
class Stream:
    """A source of randomness named by a seed and a path.

    Attributes:
        seed: any integer.
        path: what the numbers are for.
    """

    seed: int
    path: tuple[str | int, ...] = ()

    def child(self, *names: str | int) -> "Stream":
        """The stream further down the path."""
        return Stream(self.seed, self.path + names)

    def integer(self) -> int:
        """A 63-bit hash of seed and path."""
        text = repr((self.seed, *self.path)).encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "little") >> 1

    def torch(self, device: torch.device | str = "cpu") -> torch.Generator:
        """A torch generator seeded by this stream."""
        return torch.Generator(device).manual_seed(self.integer())

    def numpy(self) -> np.random.Generator:
        """A NumPy generator seeded by this stream."""
        return np.random.default_rng(self.integer())

    @contextmanager
    def governing_torch(self) -> Iterator[None]:
        """Within this context torch's global generator is seeded by this stream; afterwards it is as it was."""
        with torch.random.fork_rng():
            torch.manual_seed(self.integer())
            yield
