"""A finished comparison: as text, as a record, and as a page."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saddle.comparison.outcome import Outcome
from saddle.core.files import write_record, write_text
from saddle.evaluation.comparing import Difference, Measured, over_seeds
from saddle.evaluation.rows import aligned
from saddle.reports.comparison import comparison_page
from saddle.reports.comparison_contents import ComparisonContents

RECORD, VERSION = "comparison", 1
PAGE, NUMBERS = "compare.html", "compare.json"


@dataclass(frozen=True)
class Comparison:
    """Recipes compared on the same data and seeds.

    Attributes:
        outcomes: what became of each recipe, in the order they were named in.
        contents: what its page shows.
        data: name, fingerprint and sizes of the data.
    """

    outcomes: tuple[Outcome, ...]
    contents: ComparisonContents
    data: dict[str, Any]

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Every measure with the scores of each recipe, one per seed."""
        return self.contents.measured

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every pair of recipes by every measure that ranks them."""
        return self.contents.differences

    @property
    def statements(self) -> tuple[str, ...]:
        """What can be said, in sentences, failures first."""
        return (*self.contents.failures, *self.contents.statements)

    def __str__(self) -> str:
        names = [one.name for one in self.contents.trained]
        lines = [("measure", *names, "real data")]
        for one in self.measured:
            cells = (str(over_seeds(one.scores[name].values)) if name in one.scores else "-" for name in names)
            real = over_seeds(next(iter(one.scores.values())).references)
            lines.append((one.name, *cells, str(real) if real.undefined == 0 else "-"))
        table = [f"{_seeds(self.contents)}:", aligned(lines), ""] if self.measured else []
        return "\n".join([*table, *self.statements, *self.contents.notes])

    def to_record(self) -> dict[str, Any]:
        """This comparison as JSON values: every number of the page, seed by seed."""
        return {
            "title": self.contents.title,
            "data": self.data,
            "seeds": self.contents.seeds,
            "recipes": [one.to_record() for one in self.outcomes],
            "measures": [_measure(one) for one in self.measured],
            "differences": [one.to_record() for one in self.differences],
            "statements": list(self.statements),
            "notes": list(self.contents.notes),
        }

    def to_json(self) -> str:
        """This comparison as JSON text."""
        return json.dumps({"record": RECORD, "version": VERSION, **self.to_record()}, indent=1, allow_nan=False)

    def save(self, path: str | Path) -> Path:
        """Write the record, and give its path."""
        write_record(Path(path), RECORD, VERSION, self.to_record())
        return Path(path)

    def report(self, path: str | Path = "compare.html") -> Path:
        """Write the page, in place of one that is there, and give its path."""
        write_text(Path(path), comparison_page(self.contents))
        return Path(path)


def _measure(one: Measured) -> dict[str, Any]:
    means = {name: over_seeds(scores.values).to_record() for name, scores in one.scores.items()}
    return {**one.to_record(), "over_seeds": means}


def _seeds(contents: ComparisonContents) -> str:
    if contents.seeds == 1:
        return "One seed each"
    return f"Means over {contents.seeds} seeds" + (", with 95 % intervals" if contents.seeds > 2 else "")
