"""Whether a distance is still falling, whether it has settled, and how often it turned."""

import math
from collections.abc import Sequence
from statistics import fmean

from saddle.diagnosis.evidence import Evidence

ERRORS = 2.0  # standard errors by which it must have fallen
STEP = 0.1  # and the share of itself
THIRD = 1 / 3  # of a run, over which a distance that has settled
STILL = 0.3  # moves by no more than this share of its mean


def falling(evidence: Evidence) -> bool:
    """Whether the mean distance of the last fifth of the run is clearly below that of the fifth before, and the lowest.

    Samples that wander fall, too, each time they come back, but to no new low.
    """
    curve = evidence.distance
    before, after = curve.before(), curve.end()
    if not before:
        return False
    first, last = fmean(before), fmean(after)
    errors = evidence.error.end() if evidence.error else ()
    noise = ERRORS * math.hypot(*(_error(values, errors) for values in (before, after)))
    size = len(after)
    lowest = min(fmean(curve.values[i : i + size]) for i in range(len(curve.values) - size))
    return first - last > max(noise, STEP * abs(first)) and last <= lowest


def settled(evidence: Evidence) -> bool:
    """Whether the distance kept within a third of its mean, or within chance, over the last third of the run."""
    end = evidence.distance.end(THIRD)
    noise = 2 * ERRORS * max(evidence.error.end(THIRD)) if evidence.error else 0.0
    return max(end) - min(end) <= max(STILL * abs(fmean(end)), noise)


def _error(values: Sequence[float], errors: Sequence[float]) -> float:
    """Of a mean: the larger of what the measurements say of themselves and what their spread says."""
    n, mean = len(values), fmean(values)
    stated = math.sqrt(sum(error**2 for error in errors[:n])) / n
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (n * max(1, n - 1)))
    return max(stated, spread)


def legs(values: Sequence[float], factor: float) -> int:
    """How often positive values rose or fell by a factor, each time counted from where they had turned."""
    if not values:
        return 0
    count, low, high, heading = 0, values[0], values[0], 0
    for value in values:
        low, high = min(low, value), max(high, value)
        if heading >= 0 and value < high / factor:
            count, heading, low, high = count + 1, -1, value, value
        elif heading <= 0 and value > low * factor:
            count, heading, low, high = count + 1, 1, value, value
    return count
