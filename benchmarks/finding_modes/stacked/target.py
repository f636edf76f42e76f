"""Stacked digits as data whose modes are told by a classifier."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import saddle
from finding_modes.stacked.counting import (
    Count,
    count,
    expected_modes,
    incomplete,
    mode_of,
    perfect,
    product_law,
    read_law,
)
from finding_modes.stacked.page import DEFINITIONS, section, summary
from finding_modes.stacked.picture import SHOWN, draw
from finding_modes.stacked.pools import Pool
from finding_modes.stacked.reader import SURE, Reader, reader_of
from finding_modes.stacked.rows import Plan, rows_of
from finding_modes.stacked.stacking import MODES, opened, stacked
from finding_modes.target import Row, Sampler
from records import Records
from saddle.core.randomness import Stream

SAMPLES = 26_000


@dataclass(frozen=True, eq=False)
class StackedDigits:
    """Three digits in three colors.

    Attributes:
        name: on the command line and in records.
        pool: opens the digits that are stacked.
        plan: how recipes are played on them.
        kept: where the classifier's weights are, or will be.
        definitions: what the columns are.
    """

    name: str
    pool: Callable[[], Pool]
    plan: Plan
    kept: Path
    definitions: str = DEFINITIONS

    @property
    def rows(self) -> Mapping[str, Row]:
        """What can be trained on them, by name."""
        return rows_of(self.name, self.plan)

    @cached_property
    def reader(self) -> Reader:
        """The classifier that counts."""
        return reader_of(self.pool(), self.kept)

    @cached_property
    def law(self) -> np.ndarray:
        """The shares of the thousand modes."""
        return product_law(*[self.pool().frequencies] * 3)

    def opened(self) -> "saddle.Dataset":
        """128,000 stacks. A classifier that is not good enough is refused here, before hours of training."""
        return opened(self.reader.pool.train.x, self.name)

    def measured(self, seeds: Sequence[Sampler]) -> dict[str, Any]:
        """Scores of 26,000 samples of each seed, the classifier's errors, and what perfect samplers score."""
        scores = [self.score(seed.sample(SAMPLES)) for seed in seeds]
        accuracy = self.reader.accuracy
        judge = {"accuracy": accuracy.value, "held out": accuracy.n, "least": self.reader.pool.least}
        return {
            "scores": {str(SAMPLES): scores},
            "stacked of": self.reader.pool.about,
            "classifier": judge,
            "perfect samplers": self.perfect_samplers(),
        }

    def score(self, pictures: np.ndarray) -> dict[str, float]:
        """What pictures in own units score, shape (n, h, w, 3)."""
        digits, probabilities = self.reader.read(pictures)
        modes, sure = mode_of(digits), probabilities >= SURE
        found = asdict(count(np.bincount(modes, minlength=MODES), self.law))
        return {**found, "sure": float(sure.mean()), "modes_sure": float(len(np.unique(modes[sure])))}

    def perfect_samplers(self) -> dict[str, dict[str, Any]]:
        """Means and standard deviations for samplers of the law itself, read without error and as the classifier reads
        held-out pictures, and for one that lacks a hundred modes."""
        errors = perfect(self.law, self.law, SAMPLES)
        found: dict[str, dict[str, Any]] = {"no reading errors": described(*errors)}
        for name, law in (("held-out pictures", self.law), ("held-out pictures of 900 modes", incomplete(self.law))):
            scores = described(*perfect(read_law(law, self.reader.confusion), self.law, SAMPLES))
            sure = read_law(law, self.reader.sure)
            found[name] = scores | {"sure": float(sure.sum()), "modes_sure": expected_modes(sure, SAMPLES)}
        return found

    def summary(self, record: dict[str, Any]) -> str:
        """A record in one line."""
        return summary(record)

    def section(self, records: list[dict[str, Any]]) -> list[str]:
        """The table of these data."""
        return section(self.name, self.rows, records, self.plan.about)

    def draw(self, records: Records, work: Path) -> Path | None:
        """Real stacks, and samples of the first seed of each row."""
        real = stacked(self.pool().train.x, SHOWN, Stream(0).child("shown"))
        return draw(records, work, self.name, real, list(self.rows))


def described(mean: Count, deviation: Count) -> dict[str, list[float]]:
    """A perfect sampler's scores as a record keeps them: each with its standard deviation over such samplers."""
    return {name: [value, asdict(deviation)[name]] for name, value in asdict(mean).items()}
