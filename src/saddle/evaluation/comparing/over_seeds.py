"""What a number is on average over seeds, and how surely that is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

FEWEST = 3
"""Seeds below which nothing is said about chance: an interval from two is as wide as 13 standard errors."""
COVERAGE = 0.95


@dataclass(frozen=True)
class OverSeeds:
    """The mean of a number over the members of a population.

    Attributes:
        mean: over the seeds at which the number is defined; NaN where there is none.
        deviation: the standard deviation over them; NaN with fewer than two.
        interval: Student's 95 % interval of the mean; None with fewer than three seeds, or where the number is not
            defined at each.
        seeds: how many there are.
        undefined: at how many of them the number is not finite.
    """

    mean: float
    deviation: float
    interval: tuple[float, float] | None
    seeds: int
    undefined: int = 0

    def __str__(self) -> str:
        if self.undefined:
            return f"undefined for {self.undefined} of {self.seeds} seeds"
        return with_interval(self.mean, self.interval)

    def to_record(self) -> dict[str, Any]:
        """This mean as JSON values."""
        return {
            "mean": _finite(self.mean),
            "deviation": _finite(self.deviation),
            "interval": None if self.interval is None else list(self.interval),
            "seeds": self.seeds,
            "undefined": self.undefined,
        }


def over_seeds(values: Sequence[float]) -> OverSeeds:
    """The mean of K numbers with the interval mean ± t(0.975, K - 1) s / √K, s the standard deviation over seeds.

    The interval is exact for normal numbers. Where a seed now and then fails, numbers are skewed, and of so few no
    interval, the bootstrap's included, covers as often as it says; the t interval errs less than that one does.

    Args:
        values: one per seed.

    Reference: Student 1908, The Probable Error of a Mean, Biometrika 6.
    """
    found = np.array([value for value in values if math.isfinite(value)], dtype=np.float64)
    count = len(found)
    mean = float(found.mean()) if count else math.nan
    deviation = _deviation(found) if count > 1 else math.nan
    undefined = len(values) - count
    interval = None if undefined or count < FEWEST else t_interval(mean, deviation, count)
    return OverSeeds(mean, deviation, interval, len(values), undefined)


def _deviation(values: np.ndarray) -> float:
    """Zero, too, where numbers differ in their last bits only."""
    return float(values.std(ddof=1)) if np.ptp(values) > 1e-12 * np.abs(values).max() else 0.0


def t_interval(mean: float, deviation: float, count: int) -> tuple[float, float]:
    """Student's 95 % interval of a mean of `count` independent numbers with this standard deviation."""
    half = float(stats.t.ppf(0.5 + COVERAGE / 2, count - 1)) * deviation / math.sqrt(count)
    return mean - half, mean + half


def with_interval(value: float, interval: tuple[float, float] | None) -> str:
    """A number with its interval, as "0.0123 [0.0101, 0.0145]"; cut after the second digit of the interval's width."""
    if interval is None:
        return f"{value:.4g}"
    low, high = interval
    if not high > low:
        return f"{value:.4g}, at every seed"
    decimals = max(0, 1 - math.floor(math.log10(high - low)))
    if decimals > 7:
        return f"{value:.3g} [{low:.3g}, {high:.3g}]"
    return f"{_fixed(value, decimals)} [{_fixed(low, decimals)}, {_fixed(high, decimals)}]"


def _fixed(number: float, decimals: int) -> str:
    return f"{round(number, decimals) + 0.0:.{decimals}f}"  # adding zero turns a rounded -0.0 into 0.0


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
