"""Many random halvings of a set at once: how far apart two independent halves come out is how far a whole set strays.

A set measured in two halves gives two independent answers, and half their squared difference estimates the variance at
half the size without bias, whatever the statistic; the whole set's variance is half of that where variance falls as
1/n. Neighborhoods need this: an example's effect on them is local, where leaving out single examples or groups, the
jackknife, overstates the spread. Averaging over halvings takes away the chance of the split. Here every example carries
one bit for each halving, so that one pass over the distances serves all of them.
"""

import math

import numpy as np

from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate

HALVINGS = 32
T = 2.0002978210582616
"""The quantile of Student's law with 60 degrees, which made up for the doubt about the variance in simulations."""


def halvings(n: int, stream: Stream) -> np.ndarray:
    """For each of n examples a word whose bit r tells its half in halving r; shape (n,), uint32."""
    first = np.tile(np.arange(n) % 2, (HALVINGS, 1))
    return packed(stream.numpy().permuted(first, axis=1).T)


def packed(bits: np.ndarray) -> np.ndarray:
    """Words of bits of shape (..., HALVINGS)."""
    return np.packbits(np.ascontiguousarray(bits, dtype=bool), axis=-1, bitorder="little").view("<u4")[..., 0]


def unpacked(words: np.ndarray) -> np.ndarray:
    """The bits of words, shape (..., HALVINGS), as 0 and 1 in uint8."""
    return np.unpackbits(words.astype("<u4", copy=False)[..., None].view(np.uint8), axis=-1, bitorder="little")


def sums_by_half(words: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """How many words have bit r set in each half of halving r, shape (2, HALVINGS)."""
    total, first = bit_counts(words), bit_counts(words & halves)
    return np.stack([first, total - first])


def bit_counts(words: np.ndarray) -> np.ndarray:
    """How many words have bit r set, shape (HALVINGS,)."""
    counts = np.zeros((4, 8), dtype=np.int64)
    for shift in range(8):
        # One bit of each byte at a time, so that up to 255 words add up without a carry into the next byte.
        lanes = (words >> np.uint32(shift)) & np.uint32(0x01010101)
        sums = np.add.reduceat(lanes, np.arange(0, len(lanes), 255)) if len(lanes) else lanes
        counts[:, shift] = sums.astype("<u4", copy=False).view(np.uint8).reshape(-1, 4).sum(0, dtype=np.int64)
    return counts.ravel()


def variance_of_half(by_half: np.ndarray) -> float:
    """The variance of a statistic at half the size, from its values in both halves, shape (2, HALVINGS)."""
    return float(np.square(by_half[0] - by_half[1]).mean() / 2)


def halved_share(
    share: float, by_half: np.ndarray, count: int, *, independent: bool, n: tuple[int, int], method: str, note: str
) -> Estimate:
    """A share of things that cover each other or are covered together, with its error from halves.

    Args:
        share: the share found.
        by_half: the shares found in both halves, shape (2, HALVINGS).
        count: how many things the share is of.
        independent: whether the things are independent of each other given what covers them. The variance is then a
            binomial one, known at this count, and that of the chance of being covered; only the second is taken from
            halves and scaled.
        n: the counts to report.
        method: how the share was counted.
        note: what a reader must know.
    """
    # One success and one failure more keep the error of none and of all above zero.
    careful = (share * count + 1) / (count + 2)
    spread = share * (1 - share) or careful * (1 - careful)
    if independent:
        half = float(by_half.mean())
        variance = spread / count + max(0.0, variance_of_half(by_half) - half * (1 - half) / (count / 2)) / 2
    else:
        variance = max(variance_of_half(by_half) / 2, spread / count / 4)
    # As many independent trials as have this variance, though no more than there are.
    interval = arcsine_interval(share, count, min(spread / variance, count))
    method = f"{method}; variance from random halves, arcsine interval"
    return Estimate(share, math.sqrt(variance), interval, method, n, note)


def arcsine_interval(share: float, count: int, trials: float) -> tuple[float, float]:
    """The 95 % interval of a share whose arcsine root is normal (Anscombe, 1948).

    What is not covered comes in clumps, so that the share strays further down than a binomial one of as many
    independent trials, on which Wilson's interval relies.

    Args:
        share: the share found.
        count: of how many things.
        trials: how many independent ones would have the same variance.
    """
    angle = math.asin(math.sqrt((share * count + 0.375) / (count + 0.75)))
    half = T / (2 * math.sqrt(trials))
    return math.sin(max(angle - half, 0.0)) ** 2, math.sin(min(angle + half, math.pi / 2)) ** 2
