"""One measure of every recipe, seed by seed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from saddle.evaluation.rows import Better

RANKED: frozenset[Better] = frozenset({"lower", "higher", "near"})
"""Measures by which one recipe may be better than another; others are shown and not judged."""


@dataclass(frozen=True)
class Scores:
    """What a recipe's members scored.

    Attributes:
        values: one per seed.
        references: the same number for real data, one per seed; NaN where there is none.
    """

    values: tuple[float, ...]
    references: tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """One measure of every recipe.

    Attributes:
        name: of the measure.
        better: whether lower is better, higher, what is near the reference, ...; see `Row`.
        against: what the reference was computed from.
        scores: by recipe; a recipe without it could not be measured so.
    """

    name: str
    better: Better
    against: str
    scores: Mapping[str, Scores]

    @property
    def to_reference(self) -> bool:
        """Whether what counts is how near a number is to that of real data.

        So it is of precision, too: above that of real data it tells of samples narrower than the data, or of copies.
        """
        return self.better == "near" or self.name.startswith("precision")

    @property
    def ranked(self) -> bool:
        """Whether one recipe may be better than another by this measure."""
        return self.better in RANKED

    def losses(self, recipe: str) -> np.ndarray:
        """What the recipe's members scored as numbers of which lower is better, shape (seeds,).

        Of a measure that is good near its reference, that is the distance from it.
        """
        scores = self.scores[recipe]
        values = np.array(scores.values, dtype=np.float64)
        if self.to_reference:
            return np.abs(values - np.array(scores.references, dtype=np.float64))
        return -values if self.better == "higher" else values

    def to_record(self) -> dict[str, Any]:
        """This measure as JSON values; numbers that are not finite become null."""
        scores = {
            recipe: {"values": _finite(one.values), "references": _finite(one.references)}
            for recipe, one in self.scores.items()
        }
        return {"name": self.name, "better": self.better, "against": self.against, "scores": scores}


def _finite(values: tuple[float, ...]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]
