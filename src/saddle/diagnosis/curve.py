"""A quantity over the rounds of a run."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

LAST = 0.2  # the share of a run that counts as its end


@dataclass(frozen=True)
class Curve:
    """Values that were logged, in order of rounds; none where the quantity was not.

    Attributes:
        rounds: at which it was.
        values: as many, finite.
    """

    rounds: tuple[int, ...] = ()
    values: tuple[float, ...] = ()

    @staticmethod
    def of(rows: Iterable[dict[str, Any]], name: str) -> "Curve":
        """A column of a history; what is no finite number is left out."""
        found = [(int(row["round"]), float(row[name])) for row in rows if _is_number(row.get(name))]
        return Curve(tuple(round for round, _ in found), tuple(value for _, value in found))

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def first(self) -> float:
        """The first value."""
        return self.values[0]

    def end(self, share: float = LAST) -> tuple[float, ...]:
        """The values over the last part of those logged, at least one."""
        return self.values[-max(1, round(share * len(self.values))) :]

    def before(self, share: float = LAST) -> tuple[float, ...]:
        """As many values as `end` has, just before those; fewer where there are no more."""
        size = len(self.end(share))
        return self.values[-2 * size : -size]

    def mean(self) -> float:
        """The mean of the end."""
        return fmean(self.end())

    def median(self, share: float = LAST) -> float:
        """The median of the end."""
        return median(self.end(share))

    def text(self) -> str:
        """The first value and the median of the end, in a few words."""
        return f"{self.first:.3g} at round {self.rounds[0]:,}, {self.median():.3g} at the end"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
