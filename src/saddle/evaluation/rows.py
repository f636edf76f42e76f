"""The answer to "how good is it": measured numbers, each beside the same number for real data."""

import json
import math
from dataclasses import dataclass
from typing import Any, Literal

from saddle.core.errors import InputError
from saddle.measures import Estimate

Better = Literal["lower", "higher", "near", "not above"]

FAR = 50


@dataclass(frozen=True)
class Row:
    """One measure of a trained model.

    Attributes:
        name: of the measure, with its unit where it has one.
        value: for the model's samples.
        reference: the same number for real data at the same n, or for a perfect sampler; None where there is none.
        better: whether lower is better, higher, what is near the reference, or whatever is not above it.
        against: what the reference was computed from.
        seconds: that both took.
    """

    name: str
    value: Estimate
    reference: Estimate | None
    better: Better
    against: str
    seconds: float

    def reading(self) -> str:
        """What the numbers say, in a few words: two standard errors of the difference are taken for chance."""
        if not math.isfinite(self.value.value):
            return "undefined for these samples"
        if self.reference is None or self.value.error is None or self.reference.error is None:
            return ""
        gap = self.value.value - self.reference.value
        error = math.hypot(self.value.error, self.reference.error)
        if abs(gap) <= 2 * error:
            return "no different from real data, within chance"
        size = _size(abs(gap), error)
        if self.better == "not above":
            return f"above real data{size}" if gap > 0 else "not above real data"
        if self.name.startswith("precision") and gap > 0:
            return f"above real data{size}: narrower than the data, or copies"
        worse = self.better == "near" or (gap > 0) == (self.better == "lower")
        return f"{'worse' if worse else 'better'} than real data{size}"

    def to_record(self) -> dict[str, Any]:
        """This row as JSON values."""
        return {
            "name": self.name,
            "value": self.value.to_record(),
            "reference": None if self.reference is None else self.reference.to_record(),
            "better": self.better,
            "against": self.against,
            "seconds": round(self.seconds, 3),
        }

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Row":
        """The row that `to_record` described."""
        reference = record["reference"]
        return Row(
            name=record["name"],
            value=Estimate.from_record(record["value"]),
            reference=None if reference is None else Estimate.from_record(reference),
            better=record["better"],
            against=record["against"],
            seconds=record["seconds"],
        )


def _size(gap: float, error: float) -> str:
    if error == 0:  # no error is known to be that small, so nothing can be said in units of it
        return ""
    return f", by {gap / error:.0f} standard errors" if gap < FAR * error else ", far beyond chance"


@dataclass(frozen=True)
class Evaluation:
    """All measures of a trained model.

    Attributes:
        rows: one per measure.
        n: how many samples were drawn from the model.
        seed: of the samples.
        notes: sentences about what was left out or cut down, and why.
    """

    rows: tuple[Row, ...]
    n: int
    seed: int
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Row:
        for row in self.rows:
            if row.name == name:
                return row
        raise InputError(f"this evaluation has no row {name!r}; it has {', '.join(row.name for row in self.rows)}.")

    def to_record(self) -> dict[str, Any]:
        """This evaluation as JSON values."""
        return {
            "n": self.n,
            "seed": self.seed,
            "rows": [row.to_record() for row in self.rows],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """This evaluation as JSON text; numbers that are not finite become null."""
        return json.dumps(self.to_record(), indent=1, allow_nan=False)

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Evaluation":
        """The evaluation that `to_record` described."""
        rows = tuple(Row.from_record(row) for row in record["rows"])
        return Evaluation(rows, record["n"], record["seed"], tuple(record["notes"]))

    def __str__(self) -> str:
        head = ("measure", "samples", "real data", "")
        lines = [(row.name, str(row.value), str(row.reference or "-"), row.reading()) for row in self.rows]
        widths = [max(len(line[i]) for line in (head, *lines)) for i in range(3)]
        table = [
            "  ".join([*(cell.ljust(width) for cell, width in zip(line[:3], widths, strict=True)), line[3]]).rstrip()
            for line in (head, *lines)
        ]
        return "\n".join([*table, *self.notes])
