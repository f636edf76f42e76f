"""Every pair of recipes by every measure, and which differences are larger than chance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from saddle.evaluation.comparing.holm import holm
from saddle.evaluation.comparing.measured import Measured
from saddle.evaluation.comparing.over_seeds import FEWEST
from saddle.evaluation.comparing.paired import paired_test
from saddle.evaluation.table import DISTANCE

LEVEL = 0.05


@dataclass(frozen=True)
class Difference:
    """Two recipes by one measure.

    Attributes:
        measure: its name.
        better: the recipe that is ahead on average.
        worse: the other one.
        by: how far it is ahead, on average over seeds and never negative; by a measure that is good near its reference,
            how much nearer.
        interval: the 95 % interval of that average, by itself; None with fewer than three seeds.
        p: of the test that the two are equal, by itself; None where nothing is tested.
        adjusted: p corrected for all tests of the comparison; None likewise.
        nearer: whether being better is being nearer to what real data score.
    """

    measure: str
    better: str
    worse: str
    by: float
    interval: tuple[float, float] | None
    p: float | None
    adjusted: float | None
    nearer: bool = False

    @property
    def larger_than_chance(self) -> bool:
        """Whether chance alone would seldom make the difference: in at most 5 % of comparisons any such statement."""
        return self.adjusted is not None and self.adjusted <= LEVEL

    def to_record(self) -> dict[str, Any]:
        """This difference as JSON values."""
        return {
            "measure": self.measure,
            "better": self.better,
            "worse": self.worse,
            "by": self.by,
            "nearer_to_real_data": self.nearer,
            "interval": None if self.interval is None else list(self.interval),
            "p": self.p,
            "adjusted_p": self.adjusted,
            "larger_than_chance": self.larger_than_chance,
        }


def differences(measured: Iterable[Measured]) -> tuple[Difference, ...]:
    """Every pair of recipes by every measure that ranks them, measure by measure.

    Members of one seed share their held-out data and the draws of noise they are measured with, so that differences
    are taken seed by seed: what both have in common cancels. The test is valid where it does not, too.

    The energy distance, by which recipes are compared first, has half of the 5 % for itself and the other measures
    share the rest, each half corrected by Holm's procedure. So the chance of any false statement is at most 5 %.

    Args:
        measured: the measures, with as many values for each recipe, in the order of seeds.
    """
    found = [one for measure in measured if measure.ranked for one in _of_pairs(measure)]
    first = [i for i, one in enumerate(found) if one.p is not None and one.measure == DISTANCE]
    rest = [i for i, one in enumerate(found) if one.p is not None and one.measure != DISTANCE]
    families = [family for family in (first, rest) if family]
    for family in families:
        for i, adjusted in zip(family, _adjusted([found[i] for i in family], len(families)), strict=True):
            found[i] = replace(found[i], adjusted=adjusted)
    return tuple(found)


def _adjusted(family: Sequence[Difference], families: int) -> list[float]:
    return [min(1.0, families * p) for p in holm([one.p for one in family if one.p is not None])]


def _of_pairs(measure: Measured) -> list[Difference]:
    return [one for pair in combinations(measure.scores, 2) if (one := _difference(measure, *pair)) is not None]


def _difference(measure: Measured, one: str, other: str) -> Difference | None:
    """None where a value is undefined: then the two have no difference."""
    apart = measure.losses(other) - measure.losses(one)
    if not np.isfinite(apart).all():
        return None
    better, worse = (one, other) if apart.mean() >= 0 else (other, one)
    apart = apart if better == one else -apart
    mean, near = float(apart.mean()), measure.to_reference
    if len(apart) < FEWEST:
        return Difference(measure.name, better, worse, mean, None, None, None, near)
    tested = paired_test(apart)
    return Difference(measure.name, better, worse, mean, tested.interval, tested.p, None, near)
