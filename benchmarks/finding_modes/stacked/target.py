"""Stacked digits as data whose modes are told by a classifier."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import saddle
from finding_modes.stacked.counting import Count, count, incomplete, mode_of, perfect, product_law, read_law
from finding_modes.stacked.page import section, summary
from finding_modes.stacked.picture import draw
from finding_modes.stacked.pools import Pool
from finding_modes.stacked.reader import SURE, Reader, reader_of
from finding_modes.stacked.stacking import MODES, opened, stacked
from finding_modes.target import Row
from records import Records
from saddle.core.randomness import Stream
from saddle.families import Estimator

SAMPLES = 26_000
SHOWN = 64


@dataclass(frozen=True, eq=False)
class StackedDigits:
    """Three digits in three colors.

    Attributes:
        name: on the command line and in records.
        pool: opens the digits that are stacked.
        rows: what can be trained on them, by name.
        kept: where the classifier's weights are, or will be.
    """

    name: str
    pool: Callable[[], Pool]
    rows: Mapping[str, Row]
    kept: Path

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

    def measured(self, model: Estimator, members: int) -> dict[str, Any]:
        """Scores of 26,000 samples of each member, the classifier's errors, and what perfect samplers score."""
        scores = []
        for member in range(members):
            which: dict[str, Any] = {"member": member} if members > 1 else {}
            scores.append(self.score(np.asarray(model.sample(SAMPLES, seed=1, **which))))
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
        found = count(np.bincount(mode_of(digits), minlength=MODES), self.law)
        return {**asdict(found), "sure": float((probabilities >= SURE).mean())}

    def perfect_samplers(self) -> dict[str, dict[str, Any]]:
        """Means and standard deviations for samplers of the law itself, read without error and as the classifier reads
        held-out pictures, and for one that lacks a hundred modes."""
        confusion, frequencies = self.reader.confusion, self.pool().frequencies
        sure = float(frequencies @ self.reader.sure) ** 3
        laws = {
            "no reading errors": self.law,
            "held-out pictures": read_law(self.law, confusion),
            "held-out pictures of 900 modes": read_law(incomplete(self.law), confusion),
        }
        found = {name: perfect(one, self.law, SAMPLES) for name, one in laws.items()}
        return {name: described(*one) | ({} if "no" in name else {"sure": sure}) for name, one in found.items()}

    def summary(self, record: dict[str, Any]) -> str:
        """A record in one line."""
        return summary(record)

    def section(self, records: list[dict[str, Any]]) -> list[str]:
        """The table of these data."""
        return section(self.name, self.rows, records)

    def draw(self, records: Records, work: Path) -> Path | None:
        """Real stacks, and samples of the first seed of each row."""
        real = stacked(self.pool().train.x, SHOWN, Stream(0).child("shown"))
        return draw(records, work, self.name, real, list(self.rows))


def described(mean: Count, deviation: Count) -> dict[str, list[float]]:
    """A perfect sampler's scores as a record keeps them: each with its standard deviation over such samplers."""
    return {name: [value, asdict(deviation)[name]] for name, value in asdict(mean).items()}
