"""Whether samples sit closer to the training examples than unseen data do."""

import math
from typing import NamedTuple

from saddle.measures.estimate import Estimate, Z
from saddle.measures.neighbors.nearest import nearest
from saddle.measures.points import Features, Points, as_points
from saddle.measures.share import wilson_interval


class Copying(NamedTuple):
    """The verdict of the comparison.

    Attributes:
        closer: the chance that a sample lies closer to its nearest training example than a held-out example lies to
            its own, ties counting half; one half where the two are alike, near one where samples are copies.
        p_value: of the one-sided Mann-Whitney test that samples are no closer.
    """

    closer: Estimate
    p_value: float


def copying(samples: Points, train: Points, held_out: Points, *, features: Features | None = None) -> Copying:
    """Compare distances to the nearest training example, of samples and of held-out data, by the Mann-Whitney test.

    Meehan et al., "A non-parametric test to detect data-copying in generative models", 2020. Samples smoother than the
    data also come out closer, so a high value asks for a look at the nearest neighbors; a low one rules copying out.

    Args:
        samples: shape (n, ...), n >= 2; pictures are flattened.
        train: the examples that could have been copied.
        held_out: shape (m, ...), m >= 2; examples of the same law that were not trained on.
        features: what to measure instead of the examples themselves.

    Raises:
        InputError: when a set is too small or they do not fit together.
    """
    from scipy.stats import mannwhitneyu, rankdata

    known = as_points(train, "train", features=features)
    a = nearest(as_points(samples, "samples", at_least=2, features=features), known).distances[:, 0].numpy()
    b = nearest(as_points(held_out, "held_out", at_least=2, features=features), known).distances[:, 0].numpy()
    test = mannwhitneyu(a, b, alternative="less", method="asymptotic")
    n, m = len(a), len(b)
    value = 1 - float(test.statistic) / (n * m)
    # DeLong's variance: each side's placements among the other, from ranks within and across.
    ranks = rankdata([*a, *b])
    above = float(((ranks[:n] - rankdata(a)) / m).var(ddof=1)) / n
    below = float(((ranks[n:] - rankdata(b)) / n).var(ddof=1)) / m
    # At zero and one, where DeLong's error is zero, one success and one failure more keep it above.
    fewer = min(n, m)
    error = max((above + below) ** 0.5, ((fewer + 1) / fewer) ** 0.5 / (fewer + 2))
    # Degrees of freedom after Satterthwaite, as in the test of Brunner & Munzel (2000).
    doubt = above**2 / (n - 1) + below**2 / (m - 1)
    degrees = (above + below) ** 2 / doubt if doubt > 0 else float(n + m - 2)
    method = "Mann-Whitney statistic over nm, DeLong's error, not below that of a share with one exception"
    note = f"one half where samples are no closer; p = {float(test.pvalue):.2g}"
    interval = _interval(value, error, fewer, degrees)
    return Copying(Estimate(value, error, interval, method, (n, m), note), float(test.pvalue))


def _interval(value: float, error: float, fewer: int, degrees: float) -> tuple[float, float]:
    """The 95 % interval of a chance, of log odds with Student's quantile.

    Near none and all, where log odds say nothing, it is Wilson's of as many independent trials as have the same error.
    """
    from scipy.stats import t

    quantile = float(t.ppf(0.975, degrees))
    if min(value, 1 - value) > 2 * error:
        odds, half = math.log(value / (1 - value)), quantile * error / (value * (1 - value))
        return 1 / (1 + math.exp(half - odds)), 1 / (1 + math.exp(-half - odds))
    # One success and one failure more, as in the error's floor, so that the trials of none and of all are not zero.
    careful = (value * fewer + 1) / (fewer + 2)
    trials = max(value * (1 - value), careful * (1 - careful)) / error**2
    return wilson_interval(value, trials * (Z / quantile) ** 2)
