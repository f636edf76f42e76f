"""How many modes of a mixture of equal Gaussians the samples reach, and how evenly."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.modes_found import modes_found
from saddle.measures.points import Features, Points, as_two_samples
from saddle.measures.reverse_kl import divergence_from_uniform, reverse_kl
from saddle.measures.share import share

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


def mode_coverage(
    samples: Points, means: Points, std: float, *, radius: float = 3.0, features: Features | None = None
) -> ModeCoverage:
    """Modes found, share of high-quality samples and reverse KL, as PacGAN counts them (Lin et al., 2018).

    A sample is of high quality within Mahalanobis distance `radius` of the nearest mean. Judge each number beside
    `perfect_mode_coverage`: a perfect sampler's share is below one, and its reverse KL above zero.

    Args:
        samples: shape (n, d), in the units of the means.
        means: the centers of the K equally likely modes, shape (K, d).
        std: the standard deviation of every mode in every direction.
        radius: in units of `std`.
        features: what to compare with what instead, of the samples and of the means.

    Returns:
        Three estimates. The interval of the modes is of the expected number at this n; that of the reverse KL is of the
        law's own, with the bias of the value taken off; with fewer than five high-quality samples for each mode it has
        neither error nor interval. The reverse KL is NaN where no sample is of high quality.

    Raises:
        InputError: when the sets do not fit together or `std` or `radius` is not positive.
    """
    x, centers = as_two_samples(samples, means, ("samples", "means"), features=features)
    if not std > 0 or not radius > 0:
        raise InputError(f"std and radius must be positive; found {std} and {radius}.")
    distance, mode = torch.cdist(x, centers, compute_mode="donot_use_mm_for_euclid_dist").min(1)
    counts = torch.bincount(mode[distance < radius * std], minlength=len(centers)).numpy()
    quality = share(int(counts.sum()), len(x), f"share within {radius:g} standard deviations of a mode")
    return ModeCoverage(modes_found(counts, len(x)), quality, divergence_from_uniform(counts))


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

    near = float(chi2.cdf(radius**2, dimension))
    hit = near / modes
    chances = np.append(np.full(modes, hit), 1 - near)
    generator = Stream(0).child("perfect mode coverage", n, modes).numpy()
    draws = generator.multinomial(n, chances, size=SIMULATIONS)[:, :modes]
    divergences = np.array([reverse_kl(counts) for counts in draws if counts.any()])
    missed, both = (1 - hit) ** n, (1 - 2 * hit) ** n
    spread = modes * missed * (1 - missed) + modes * (modes - 1) * (both - missed**2)
    exact = "exact, for samples of the mixture itself"
    simulated = f"mean and spread of {len(divergences)} simulated perfect samplers"
    return ModeCoverage(
        Estimate(modes * (1 - missed), math.sqrt(max(spread, 0.0)), None, exact, n),
        Estimate(near, math.sqrt(near * (1 - near) / n), None, exact, n),
        Estimate(float(divergences.mean()), float(divergences.std(ddof=1)), None, simulated, n),
    )
