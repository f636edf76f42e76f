"""A share of successes with its binomial error and interval."""

import math

from saddle.measures.estimate import Estimate, Z


def share(successes: int, n: int, method: str = "share", note: str = "") -> Estimate:
    """A share in [0, 1] with the 95 % interval of Wilson ("Probable inference", 1927), which holds at none and all too.

    Args:
        successes: how many.
        n: of how many independent trials, at least 1.
        method: what was counted.
        note: what a reader must know.
    """
    p = successes / n
    # One success and one failure more keep the error of none and of all above zero.
    careful = (successes + 1) / (n + 2)
    error = math.sqrt(careful * (1 - careful) / n)
    return Estimate(p, error, wilson_interval(p, n), f"{method}, interval of Wilson", n, note)


def wilson_interval(p: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a share p among n trials, or as many independent ones as have its variance."""
    center, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(0.0, (center - half) / (1 + Z * Z / n)), min(1.0, (center + half) / (1 + Z * Z / n))
