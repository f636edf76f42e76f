"""What planted runs are called, counted and written down."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import saddle
from diagnosing.planting import Plant
from diagnosing.running import source_of, truth_of
from saddle.diagnosis import VERDICTS
from saddle.measures.share import wilson_interval

SAME = {"collapsing": "collapsed"}
"""Verdicts that name the same fault: a run that loses modes may end before all are lost."""


@dataclass(frozen=True)
class Named:
    """A planted run and its name.

    Attributes:
        plant: what was planted.
        occurred: whether it came about.
        verdict: what the run is called.
    """

    plant: Plant
    occurred: bool
    verdict: str

    @property
    def right(self) -> bool:
        """Whether it is called what it is."""
        return SAME.get(self.verdict, self.verdict) == self.plant.verdict

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        plant = self.plant
        told = {"planted": plant.verdict, "seed": plant.seed, "recipe": plant.recipe, "data": plant.data}
        return {**told, "occurred": self.occurred, "named": self.verdict}

    @classmethod
    def from_record(cls, record: dict[str, Any], plant: Plant) -> Self:
        """What `to_record` wrote of a run of this plant."""
        return cls(plant, record["occurred"], record["named"])


def named(plant: Plant, folder: Path) -> Named:
    """Train a plant, unless it is there, and diagnose it as a user would."""
    truth = truth_of(plant, folder)
    found = saddle.diagnose(folder, source_of(plant).data)
    return Named(plant, truth["occurred"], found.verdict)


def shares(runs: Sequence[Named]) -> dict[str, tuple[int, int]]:
    """Of each planted verdict: how many runs of it were named right, and how many there are; those that occurred."""
    counted = [run for run in runs if run.occurred]
    return {
        verdict: (sum(run.right for run in counted if run.plant.verdict == verdict), number)
        for verdict, number in Counter(run.plant.verdict for run in counted).items()
    }


def table(runs: Sequence[Named]) -> list[str]:
    """The confusion table in Markdown: a row for what was planted and occurred, a column for the name.

    Beside each share is its 95 % interval of Wilson, among runs that are independent.
    """
    counted = [run for run in runs if run.occurred]
    columns = [verdict for verdict in VERDICTS if any(run.verdict == verdict for run in counted)]
    lines = [
        f"| planted | runs | named right | 95 % interval | {' | '.join(columns)} |",
        f"|---|--:|--:|--:|{'--:|' * len(columns)}",
    ]
    for verdict, (right, number) in shares(runs).items():
        cells = Counter(run.verdict for run in counted if run.plant.verdict == verdict)
        counts = " | ".join(str(cells[column] or "") for column in columns)
        lines.append(f"| {verdict} | {number} | {right / number:.0%} | {interval(right, number)} | {counts} |")
    right = sum(run.right for run in counted)
    whole = f"**{right / len(counted):.0%}** | {interval(right, len(counted))}" if counted else "|"
    return [*lines, f"| **all** | {len(counted)} | {whole} |{' |' * len(columns)}"]


def interval(count: int, number: int) -> str:
    """The 95 % interval of Wilson of a share, in percent."""
    low, high = wilson_interval(count / number, number)
    return f"{100 * low:.0f} to {100 * high:.0f} %"
