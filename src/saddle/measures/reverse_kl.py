"""KL(modes reached ‖ uniform), from counts, with an interval that holds near zero too."""

import math

import numpy as np

from saddle.measures.estimate import Estimate

LEVEL = 0.05
ROUNDING = 1e-12
FEWEST_PER_MODE = 5
"""Below this many samples for each mode, the interval's coverage falls: for even modes, to 70 % at three."""


def reverse_kl(counts: np.ndarray) -> float:
    """Log K minus the entropy of the shares of the counts, in nats."""
    p = counts[counts > 0] / counts.sum()
    return math.log(len(counts)) + float((p * np.log(p)).sum())


def divergence_from_uniform(counts: np.ndarray) -> Estimate:
    """The reverse KL of counts over K modes, with a 95 % interval of the law's own.

    The value is biased upward by (modes found - 1) / 2n, which the interval takes off. With fewer than five samples a
    mode there is neither error nor interval.
    """
    n = int(counts.sum())
    method = "from the counts of high-quality samples; interval by noncentral chi-square"
    if n == 0:
        return Estimate(math.nan, None, None, method, 0, "undefined: no sample is of high quality")
    if len(counts) > 1 and n < FEWEST_PER_MODE * len(counts):
        note = f"too few samples of high quality for an interval: {n} for {len(counts)} modes, less than five each"
        return Estimate(reverse_kl(counts), None, None, method, n, note)
    value, free = reverse_kl(counts), int((counts > 0).sum()) - 1
    note = (
        f"biased upward by about {free / (2 * n):.2g} at this n; the interval is of the law's own, the bias taken off"
    )
    error = math.sqrt(_variance(counts, free))
    return Estimate(value, error, _interval(counts, value, free), method, n, note)


def _variance(counts: np.ndarray, free: int) -> float:
    """Of the value: to first order that of log p over n, to second order that of a chi-square."""
    n, p = int(counts.sum()), counts[counts > 0] / counts.sum()
    # Equal shares have no first-order variance, though their counts seem to show `free` / n of it.
    first = float((p * np.log(p) ** 2).sum() - (p * np.log(p)).sum() ** 2) - free / n
    return max(first, 0.0) / n + free / (2 * n**2)


def _interval(counts: np.ndarray, value: float, free: int) -> tuple[float, float]:
    """An interval of the law's own divergence.

    Near uniform shares over the modes found, 2n times their divergence D from uniform is a noncentral chi-square with
    `free` degrees and noncentrality 2nD, which is solved for; far from there its variance is not the right one, and the
    interval is stretched about its center by the ratio of the standard deviations.
    """
    n, modes = int(counts.sum()), len(counts)
    missing = math.log(modes) - math.log(free + 1)
    if free == 0:
        # One mode alone shows no spread; others may hold as much as n samples miss with a chance of 5 %.
        unseen = 1 - LEVEL ** (1 / n)
        entropy = -unseen * math.log(unseen) - (1 - unseen) * math.log1p(-unseen) if n > 1 else math.log(2)
        return max(0.0, value - entropy - unseen * math.log(max(1, modes - 1))), value
    low, high = (end / (2 * n) for end in _noncentralities(2 * n * max(value - missing, 0.0), free))
    center = min(max(value - missing - free / (2 * n), low), high)
    stretch = math.sqrt(_variance(counts, free) / (2 * center / n + free / (2 * n**2)))
    below = 0.0 if low == 0 else max(0.0, center + (low - center) * stretch)
    # The end itself is a value the law can have, so rounding must not leave it out.
    lowest = missing + below - _from_unseen(counts) - ROUNDING
    return max(0.0, lowest), min(math.log(modes), missing + center + (high - center) * stretch)


def _from_unseen(counts: np.ndarray) -> float:
    """By how much modes without a sample can lower the divergence, if they hold as much as Good & Turing expect.

    That is as much of the law as the samples that are alone in their mode are of all samples (Good, 1953).
    """
    n, missed = int(counts.sum()), int((counts == 0).sum())
    unseen = min(int((counts == 1).sum()) / n, missed / len(counts))
    if unseen == 0:
        return 0.0
    return unseen * (math.log(missed) - math.log(unseen)) - (1 - unseen) * math.log1p(-unseen)


def _noncentralities(found: float, free: int) -> tuple[float, float]:
    """The noncentralities for which a chi-square as found is not among the 5 % left out.

    What is left out is 2.5 % at either end, except near zero, where all of it moves to the upper end: a law that is
    exactly uniform is then covered 95 % of the time like any other, by an interval that starts at zero.
    """
    from scipy.optimize import root_scalar
    from scipy.stats import chi2, ncx2

    # Counts more even than chance makes them but once in 40 times say no more than such counts.
    found = max(found, float(chi2.ppf(LEVEL / 2, free)))

    def lower_tail(noncentrality: float) -> float:
        return LEVEL / 2 * noncentrality / (noncentrality + 2 * math.sqrt(2 * free))

    def chance_below(noncentrality: float) -> float:
        return float(ncx2.cdf(found, free, noncentrality) if noncentrality > 0 else chi2.cdf(found, free))

    def too_high(noncentrality: float) -> float:
        return 1 - chance_below(noncentrality) - (LEVEL - lower_tail(noncentrality))

    def too_low(noncentrality: float) -> float:
        return chance_below(noncentrality) - lower_tail(noncentrality)

    bracket = (0.0, 4 * found + 40 * math.sqrt(free) + 100)
    low = 0.0 if too_high(0.0) >= 0 else root_scalar(too_high, bracket=bracket).root
    return low, root_scalar(too_low, bracket=bracket).root
