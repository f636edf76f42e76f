"""How many modes samples reach, with the error of that count."""

import numpy as np

from saddle.measures.estimate import Estimate

PRIOR = 0.5
POSTERIOR_SCALE, MISSED = 1.25, 0.1
"""Chosen by simulated coverage over a dozen laws: the scale of the posterior variances, and that of a missed mode."""
DOUBT = 1.0
"""The relative error that the sum of the posterior variances is given."""


def modes_found(counts: np.ndarray, n: int) -> Estimate:
    """The number of modes with a sample, with a 95 % interval of the expected number at this n.

    A mode that n samples hit λ times on average is missed with chance q = e^-λ, and adds q(1 - q) to the variance; that
    the samples are n in all takes off (Σ λq)²/n. Two estimates of Σ q(1 - q) are joined by their precision. One is
    unbiased but uneven: modes seen once, less half of those seen twice, and so on (Good & Toulmin, 1956, smoothed after
    Efron & Thisted, 1976). The other is steady where modes are few: the posterior mean of each mode's under Jeffreys'
    prior. Missed modes count only towards the upper end, which they alone could raise.

    Args:
        counts: of samples in each mode.
        n: samples, whether in a mode or not.
    """
    found = int((counts > 0).sum())
    error, below = _spread(counts, n, missed=0.0)
    error_above, above = _spread(counts, n, missed=MISSED)
    interval = max(found - below, 0.0), min(found + above, float(len(counts)))
    note = "more samples can only find more modes; the interval is of the expected number at this n"
    method = f"count, of {len(counts)}; variance from modes seen once, twice and thrice"
    return Estimate(float(found), max(error, error_above), interval, method, n, note)


def _spread(counts: np.ndarray, n: int, *, missed: float) -> tuple[float, float]:
    """The standard error, and how far a 95 % interval reaches."""
    from scipy.stats import t

    once, twice, thrice = (int((counts == seen).sum()) for seen in (1, 2, 3))
    uneven = 0.875 * once - 0.5 * twice + 0.125 * thrice
    # One more keeps the doubt about no mode seen once above zero.
    uneven_variance = 0.875**2 * once + 0.25 * twice + 0.125**2 * thrice + 1
    shape = PRIOR + counts[counts > 0]
    steady = POSTERIOR_SCALE * float((2.0**-shape - 3.0**-shape).sum()) + missed * int((counts == 0).sum())
    steady_variance = (DOUBT * steady) ** 2
    both = steady_variance + uneven_variance
    joined = (steady_variance * uneven + uneven_variance * steady) / both - once**2 / n
    variance = max(joined, steady / 4)
    if variance <= 1e-12:
        return 0.0, 0.0
    # As many degrees of freedom as a variance of this uncertainty would have, by Satterthwaite.
    degrees = 2 * variance**2 / (steady_variance * uneven_variance / both)
    error = variance**0.5
    return error, min(float(t.ppf(0.975, max(degrees, 3.0))), 3.2) * error
