"""Laws that a code fits without waste, and the code that Shannon gave for any law."""

import numpy as np


def dyadic(draw: np.random.Generator, letters: int) -> np.ndarray:
    """Probabilities that are powers of 1/2: the leaves of a tree that grew by splitting a leaf at random each time."""
    depths = [0]
    while len(depths) < letters:
        depth = depths.pop(int(draw.integers(len(depths)))) + 1
        depths += [depth, depth]
    return 2.0 ** -draw.permutation(depths)


def shannon_lengths(q: np.ndarray) -> np.ndarray:
    """The least whole l with 2^-l at most q, as floating point stores it: words so long make a prefix code (Kraft)."""
    return 1.0 - np.frexp(q)[1]


def block_law(letters: np.ndarray, block: int) -> np.ndarray:
    """Probabilities of all blocks of so many independent letters."""
    law = letters
    for _ in range(block - 1):
        law = np.outer(law, letters).ravel()
    return law
