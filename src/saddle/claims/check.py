"""One number of an experiment beside what the statement says it must be, and whether it is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

LEVEL = 0.001
"""Of every test: the chance that an interval misses what it is of."""

EXACT = 1e-9
"""How far apart two numbers may be that the statement says are equal, of their size where that is above 1."""

Relation = Literal["=", "≤", "≥"]
Status = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True)
class Check:
    """What was found, how it must relate to what, and between which numbers the truth lies.

    It holds where every number of the interval does, fails where none does, and is undecided otherwise.

    Attributes:
        what: the quantity, in a few words.
        value: what was found.
        relation: how it must stand to `bound`.
        bound: the other side of the statement.
        within: how far the two may be apart, or the inequality be missed.
        low: the least that the truth can be; `value` where that is exact.
        high: the greatest.
        test: where the interval comes from; empty where `value` is exact.
        published: of an observation, the figure of the paper.
    """

    what: str
    value: float
    relation: Relation
    bound: float
    within: float
    low: float
    high: float
    test: str = ""
    published: str = ""

    @property
    def status(self) -> Status:
        """Whether it holds; a number that is undefined decides nothing."""
        least = -math.inf if self.relation == "≤" else self.bound - self.within
        greatest = math.inf if self.relation == "≥" else self.bound + self.within
        if least <= self.low and self.high <= greatest:
            return "holds"
        return "fails" if self.high < least or self.low > greatest else "undecided"

    def to_record(self) -> dict[str, Any]:
        """As JSON values; numbers that are not finite become words."""
        return {key: number(one) if isinstance(one, float) else one for key, one in asdict(self).items()}

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Check":
        """The check that `to_record` described."""
        numbers = {key: float(record[key]) for key in ("value", "bound", "within", "low", "high")}
        return Check(**{**record, **numbers})


def number(value: float) -> float | str:
    """A number as JSON has it: "inf", "-inf" and "nan" where it is not finite."""
    return float(value) if math.isfinite(value) else str(float(value))


def greatest(values: Iterable[float]) -> float:
    """Of numbers found; NaN where there is one among them, which `max` may skip, or none at all."""
    found = [float(one) for one in values]
    return math.nan if not found or any(map(math.isnan, found)) else max(found)


def least(values: Iterable[float]) -> float:
    """Of numbers found; NaN likewise."""
    found = [float(one) for one in values]
    return math.nan if math.isnan(greatest(found)) else min(found)


def furthest(values: Iterable[float]) -> float:
    """The number that is greatest without its sign; NaN likewise."""
    found = [float(one) for one in values]
    return math.nan if math.isnan(greatest(found)) else max(found, key=abs)


def equal(what: str, value: float, bound: float, *, within: float | None = None, published: str = "") -> Check:
    """Two numbers found exactly that must be one; by default to 1e-9, of their size where that is above 1."""
    room = EXACT * max(1.0, abs(bound) if math.isfinite(bound) else 1.0) if within is None else within
    return Check(what, float(value), "=", float(bound), room, float(value), float(value), "", published)


def at_most(what: str, value: float, bound: float, *, within: float = 0.0, published: str = "") -> Check:
    """A number found exactly that must not be greater than another."""
    return Check(what, float(value), "≤", float(bound), within, float(value), float(value), "", published)


def at_least(what: str, value: float, bound: float, *, within: float = 0.0, published: str = "") -> Check:
    """A number found exactly that must not be less than another."""
    return Check(what, float(value), "≥", float(bound), within, float(value), float(value), "", published)


def estimated(
    what: str,
    value: float,
    error: float,
    relation: Relation,
    bound: float,
    *,
    within: float = 0.0,
    published: str = "",
    counted: str = "",
) -> Check:
    """A number with a normal standard error, at level .001.

    Args:
        what: the quantity.
        value: the estimate.
        error: its standard error.
        relation: how it must stand to the bound.
        bound: the other side.
        within: how far from the bound it may be: an equality with an error can only be shown up to some distance.
        published: of an observation, the figure of the paper.
        counted: over what the error was taken, such as "10,000 points".
    """
    reach = float(stats.norm.isf(LEVEL / 2)) * float(error)
    test = f"normal interval at level {LEVEL:g}" + (f", {counted}" if counted else "")
    return Check(what, float(value), relation, float(bound), within, value - reach, value + reach, test, published)


def over_seeds(
    what: str,
    values: Sequence[float],
    relation: Relation,
    bound: float,
    *,
    within: float = 0.0,
    published: str = "",
) -> Check:
    """The mean over seeds, by Student's t at level .001; one seed alone decides nothing."""
    found = np.asarray(values, dtype=float)
    mean = float(found.mean())
    reach = math.inf
    if len(found) > 1:
        reach = float(stats.t.isf(LEVEL / 2, len(found) - 1) * found.std(ddof=1) / math.sqrt(len(found)))
    test = f"Student's t over {len(found)} seed{'' if len(found) == 1 else 's'} at level {LEVEL:g}"
    return Check(what, mean, relation, float(bound), within, mean - reach, mean + reach, test, published)


def on_every_seed(
    what: str, values: Sequence[float], relation: Literal["≤", "≥"], bound: float, *, published: str = ""
) -> Check:
    """The worst of the seeds: the greatest where it must be at most `bound`, the least where at least."""
    worst = greatest(values) if relation == "≤" else least(values)
    label = f"{what}, worst of {len(values)} seed{'' if len(values) == 1 else 's'}"
    return Check(label, worst, relation, float(bound), 0.0, worst, worst, "", published)
