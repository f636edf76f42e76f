"""How many modes of a mixture of equal Gaussians the samples reach, and how evenly."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.points import Points, as_two_samples

SIMULATIONS = 2000


class ModeCoverage(NamedTuple):
    """The three usual numbers of mode collapse.

    Attributes:
        modes: modes with at least one high-quality sample, out of K.
        high_quality: the share of samples within the radius of the nearest mode's center.
        reverse_kl: log K minus the entropy of the high-quality samples' counts: KL(modes reached ‖ uniform), in nats.
    """

    modes: Estimate
    high_quality: Estimate
    reverse_kl: Estimate


def mode_coverage(samples: Points, means: Points, std: float, *, radius: float = 3.0) -> ModeCoverage:
    """Modes found, share of high-quality samples and reverse KL, as PacGAN counts them (Lin et al., 2018).

    A sample is of high quality within Mahalanobis distance `radius` of the nearest mean. Judge each number beside
    `perfect_mode_coverage`: a perfect sampler's share is below one, and its reverse KL above zero.

    Args:
        samples: shape (n, d), in the units of the means.
        means: the centers of the K equally likely modes, shape (K, d).
        std: the standard deviation of every mode in every direction.
        radius: in units of `std`.

    Returns:
        Three estimates; the reverse KL is NaN where no sample is of high quality.

    Raises:
        InputError: when the sets do not fit together or `std` or `radius` is not positive.
    """
    x, centers = as_two_samples(samples, means, ("samples", "means"))
    if not std > 0 or not radius > 0:
        raise InputError(f"std and radius must be positive; found {std} and {radius}.")
    distance, mode = torch.cdist(x, centers, compute_mode="donot_use_mm_for_euclid_dist").min(1)
    counts = torch.bincount(mode[distance < radius * std], minlength=len(centers)).numpy()
    return ModeCoverage(_modes_found(counts, len(x)), _share(int(counts.sum()), len(x)), _divergence(counts))


@lru_cache(maxsize=32)
def perfect_mode_coverage(n: int, modes: int, dimension: int = 2, *, radius: float = 3.0) -> ModeCoverage:
    """What n samples of the mixture itself score, on average; the errors are the spread of a single such score.

    Args:
        n: samples.
        modes: K, equally likely and far apart.
        dimension: d.
        radius: in units of the modes' standard deviation.
    """
    from scipy.stats import chi2

    share = float(chi2.cdf(radius**2, dimension))
    hit = share / modes
    chances = np.append(np.full(modes, hit), 1 - share)
    generator = Stream(0).child("perfect mode coverage", n, modes).numpy()
    draws = generator.multinomial(n, chances, size=SIMULATIONS)[:, :modes]
    divergences = np.array([_reverse_kl(counts) for counts in draws if counts.any()])
    missed, both = (1 - hit) ** n, (1 - 2 * hit) ** n
    spread = modes * missed * (1 - missed) + modes * (modes - 1) * (both - missed**2)
    exact = "exact, for samples of the mixture itself"
    simulated = f"mean and spread of {len(divergences)} simulated perfect samplers"
    return ModeCoverage(
        Estimate(modes * (1 - missed), math.sqrt(max(spread, 0.0)), None, exact, n),
        Estimate(share, math.sqrt(share * (1 - share) / n), None, exact, n),
        Estimate(float(divergences.mean()), float(divergences.std(ddof=1)), None, simulated, n),
    )


def _modes_found(counts: np.ndarray, n: int) -> Estimate:
    # Leaving out one sample loses a mode exactly where that sample is its only one: the jackknife in closed form.
    single = int((counts == 1).sum())
    error = math.sqrt((n - 1) / n * single * (1 - single / n) + _missed_variance(counts, n))
    note = "more samples can only find more modes"
    method = f"count, of {len(counts)}; delete-one jackknife, missed modes smoothed"
    return Estimate(float((counts > 0).sum()), error, None, method, n, note)


def _missed_variance(counts: np.ndarray, n: int) -> float:
    """The variance that missed modes add, where one sample more, spread over all modes, could have hit them."""
    found = 1 - (1 - 1 / (len(counts) * (n + 2))) ** n
    return int((counts == 0).sum()) * found * (1 - found)


def _share(hits: int, n: int, z: float = 1.959963984540054) -> Estimate:
    p = hits / n
    center, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    interval = ((center - half) / (1 + z * z / n), (center + half) / (1 + z * z / n))
    # One success and one failure more keep the error of none and of all above zero.
    careful = (hits + 1) / (n + 2)
    return Estimate(p, math.sqrt(careful * (1 - careful) / n), interval, "share, 95 % interval of Wilson", n)


def _divergence(counts: np.ndarray) -> Estimate:
    total = int(counts.sum())
    method = "from the counts of high-quality samples; delta method to second order"
    if total == 0:
        return Estimate(math.nan, None, None, method, 0, "undefined: no sample is of high quality")
    p = counts[counts > 0] / total
    # Equal shares have no first-order variance, though their counts seem to show (K - 1) / n of it; what is left of the
    # spread is that of a chi-square with K - 1 degrees.
    first = float((p * np.log(p) ** 2).sum() - (p * np.log(p)).sum() ** 2) - (len(p) - 1) / total
    second = (len(p) - 1) / (2 * total**2)
    error = math.sqrt(max(first, 0.0) / total + second)
    note = f"biased upward by about {(len(counts) - 1) / (2 * total):.2g} at this n"
    return Estimate(_reverse_kl(counts), error, None, method, total, note)


def _reverse_kl(counts: np.ndarray) -> float:
    p = counts[counts > 0] / counts.sum()
    return math.log(len(counts)) + float((p * np.log(p)).sum())
