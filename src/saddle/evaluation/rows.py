"""The answer to "how good is it": measured numbers, each beside the same number for real data."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from saddle.core.errors import InputError
from saddle.measures import Estimate

Better = Literal["lower", "higher", "near", "not above", "unjudged"]

FAR = 50


@dataclass(frozen=True)
class Row:
    """One measure of a trained model.

    Attributes:
        name: of the measure, with its unit where it has one.
        value: for the model's samples.
        reference: the same number for real data at the same n, or for a perfect sampler; None where there is none.
        better: whether lower is better, higher, what is near the reference, or whatever is not above it; "unjudged"
            for numbers too unreliable for a verdict.
        against: what the reference was computed from.
        seconds: that both took.
    """

    name: str
    value: Estimate
    reference: Estimate | None
    better: Better
    against: str
    seconds: float

    def reading(self, real: str = "real data") -> str:
        """What the numbers say, in a few words: two standard errors of the difference are taken for chance.

        Args:
            real: what to call that of which the reference is.
        """
        if not math.isfinite(self.value.value):
            return "undefined for these samples"
        if self.better == "unjudged":
            return "no verdict: see the note"
        if self.reference is None or self.value.error is None or self.reference.error is None:
            return ""
        gap = self.value.value - self.reference.value
        error = math.hypot(self.value.error, self.reference.error)
        if abs(gap) <= 2 * error:
            return f"no different from {real}, within chance"
        size = _size(abs(gap), error)
        if self.better == "not above":
            return f"above {real}{size}" if gap > 0 else f"not above {real}"
        if self.name.startswith("precision") and gap > 0:
            return f"above {real}{size}: narrower than the data, or copies"
        worse = self.better == "near" or (gap > 0) == (self.better == "lower")
        return f"{'worse' if worse else 'better'} than {real}{size}"

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
class ClassRows:
    """The measures of one class of a conditional model.

    Attributes:
        label: the user's own.
        rows: one per measure.
    """

    label: int | float | str | bool
    rows: tuple[Row, ...]

    def to_record(self) -> dict[str, Any]:
        """These rows as JSON values."""
        return {"label": self.label, "rows": [row.to_record() for row in self.rows]}

    @staticmethod
    def from_record(record: dict[str, Any]) -> "ClassRows":
        """The rows that `to_record` described."""
        return ClassRows(record["label"], tuple(Row.from_record(row) for row in record["rows"]))


@dataclass(frozen=True)
class Evaluation:
    """All measures of a trained model, or of one source of data against another.

    Attributes:
        rows: one per measure.
        n: how many samples were asked for.
        seed: of the samples.
        notes: sentences about what was left out or cut down, and why.
        classes: the rows of each class of a conditional model; empty without.
        made: what is measured, as the head of its column.
        real: what it is measured against, as the head of the column of references.
    """

    rows: tuple[Row, ...]
    n: int
    seed: int
    notes: tuple[str, ...] = ()
    classes: tuple[ClassRows, ...] = ()
    made: str = "samples"
    real: str = "real data"

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
            "made": self.made,
            "real": self.real,
            "rows": [row.to_record() for row in self.rows],
            "classes": [one.to_record() for one in self.classes],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """This evaluation as JSON text; numbers that are not finite become null."""
        return json.dumps(self.to_record(), indent=1, allow_nan=False)

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Evaluation":
        """The evaluation that `to_record` described."""
        return Evaluation(
            rows=tuple(Row.from_record(row) for row in record["rows"]),
            n=record["n"],
            seed=record["seed"],
            notes=tuple(record["notes"]),
            classes=tuple(ClassRows.from_record(one) for one in record["classes"]),
            made=record["made"],
            real=record["real"],
        )

    def __str__(self) -> str:
        parts = [table_of(self.rows, self.made, self.real)]
        if self.classes:
            parts += ["", f"Class by class, {self.real} in brackets:", class_table(self.classes), ""]
        return "\n".join([*parts, *self.notes, *self._remarks()])

    def _remarks(self) -> list[str]:
        """What estimates say of themselves, each remark once, with the measures it is of."""
        remarks: dict[str, list[str]] = {}
        for row in self.rows:
            if row.value.note:
                remarks.setdefault(row.value.note, []).append(row.name)
        return [f"{', '.join(names)}: {note}." for note, names in remarks.items()]


def table_of(rows: Sequence[Row], made: str, real: str) -> str:
    """Rows as aligned text: value, interval, count, reference, what the numbers say, and the time it took."""
    head = ("measure", made, "95 % interval", "n", real, "s", "")
    lines = [
        (
            row.name,
            str(row.value),
            row.value.interval_text(),
            row.value.count_text(),
            str(row.reference or "-"),
            f"{row.seconds:.1f}",
            row.reading(real),
        )
        for row in rows
    ]
    return aligned([head, *lines])


def class_table(classes: Sequence[ClassRows]) -> str:
    """One line per class and a column per measure, each with its reference in brackets."""
    names = list(dict.fromkeys(row.name for one in classes for row in one.rows))
    lines = [("class", *names)]
    for one in classes:
        found = {row.name: f"{row.value} ({row.reference})" for row in one.rows}
        lines.append((str(one.label), *(found.get(name, "-") for name in names)))
    return aligned(lines)


def aligned(lines: Sequence[tuple[str, ...]]) -> str:
    """Cells in columns of equal width; the last column is as wide as it is."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
