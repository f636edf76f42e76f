"""How many of a thousand modes samples reach and how far their shares are from the law's; and a perfect sampler's."""

from dataclasses import dataclass

import numpy as np

from finding_modes.stacked.stacking import MODES
from saddle.core.randomness import Stream

SIMULATIONS = 200
KEPT = 900
UNIFORM = np.full(MODES, 1 / MODES)


@dataclass(frozen=True)
class Count:
    """What samples score.

    Attributes:
        modes: combinations of three digits that are read at least once.
        kl: KL(samples ‖ law), of the shares of the combinations read, in nats.
        kl_uniform: the same against equally likely combinations, as PacGAN has it.
    """

    modes: float
    kl: float
    kl_uniform: float


def mode_of(digits: np.ndarray) -> np.ndarray:
    """The mode of three digits, shape (..., 3): the number from 0 to 999 that they write."""
    return digits @ np.array([100, 10, 1])


def product_law(*frequencies: np.ndarray) -> np.ndarray:
    """The shares of the thousand modes, of the shares of the digits in each of three colors."""
    first, second, third = frequencies
    return np.einsum("a,b,c->abc", first, second, third).ravel()


def kl(counts: np.ndarray, law: np.ndarray) -> float:
    """Σ p log(p/q) over modes that were seen, p the shares of the counts, in nats."""
    seen = counts > 0
    p = counts[seen] / counts.sum()
    return float((p * np.log(p / law[seen])).sum())


def count(counts: np.ndarray, law: np.ndarray) -> Count:
    """What counts of the thousand modes score against a law."""
    return Count(float((counts > 0).sum()), kl(counts, law), kl(counts, UNIFORM))


def read_law(law: np.ndarray, confusion: np.ndarray) -> np.ndarray:
    """The shares of modes as a classifier reads them, of the shares of modes as they are.

    Args:
        law: shape (1000,).
        confusion: shape (10, 10); row i holds the shares of what a picture of the digit i is read as. Where some
            are not counted, rows sum to less than one, and so do the shares returned.
    """
    cube = law.reshape(10, 10, 10)
    return np.einsum("abc,ax,by,cz->xyz", cube, confusion, confusion, confusion).ravel()


def expected_modes(law: np.ndarray, n: int) -> float:
    """How many modes n draws find on average, Σ 1 - (1 - q)^n; shares may sum to less than one."""
    return float((1 - (1 - law) ** n).sum())


def incomplete(law: np.ndarray, kept: int = KEPT) -> np.ndarray:
    """The law without some modes, chosen by chance and once for all, the others as likely to each other as before."""
    lost = Stream(0).child("modes lost").numpy().permutation(len(law))[kept:]
    rest = law.copy()
    rest[lost] = 0.0
    return rest / rest.sum()


def perfect(sampled: np.ndarray, law: np.ndarray, n: int) -> tuple[Count, Count]:
    """The mean and the standard deviation of what n draws of `sampled` score against `law`, by simulation."""
    drawn = Stream(0).child("perfect sampler", n).numpy().multinomial(n, sampled / sampled.sum(), size=SIMULATIONS)
    scores = np.array([(one.modes, one.kl, one.kl_uniform) for one in (count(counts, law) for counts in drawn)])
    return Count(*scores.mean(0).tolist()), Count(*scores.std(0, ddof=1).tolist())
