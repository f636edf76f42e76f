"""What the page of a comparison shows, as plain arrays, records and sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from saddle.evaluation.comparing import Difference, Measured


@dataclass(frozen=True)
class RecipeContents:
    """One recipe on the page.

    Attributes:
        name: what the page calls it.
        failure: why its training failed, or empty.
        history: rows of its run, of all members.
        samples: of its first member, own units, shape (n, ...); None where it failed.
        sample_labels: one per sample, for conditional models.
        settings: what was trained, name to value, as text.
        cost: what the run took, name to value, as text.
    """

    name: str
    failure: str = ""
    history: tuple[dict[str, Any], ...] = ()
    samples: Any = None
    sample_labels: tuple[Any, ...] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    cost: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparisonContents:
    """Everything the page of a comparison shows.

    Attributes:
        title: which recipes on what.
        kind: of the data.
        data: held-out examples of the first seed, own units, shape (n, ...).
        seeds: of each recipe.
        recipes: in the order they were named in.
        measured: every measure of those that did not fail.
        differences: between them.
        statements: those differences in words.
        data_labels: one per example of `data`.
        columns: names, for tables.
        repeat: the command line that was typed.
        notes: sentences about what was left out or cut down, and why.
    """

    title: str
    kind: Literal["points", "images", "table"]
    data: Any
    seeds: int
    recipes: tuple[RecipeContents, ...]
    measured: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    statements: tuple[str, ...]
    data_labels: tuple[Any, ...] | None = None
    columns: tuple[str, ...] | None = None
    repeat: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def trained(self) -> tuple[RecipeContents, ...]:
        """The recipes that did not fail."""
        return tuple(one for one in self.recipes if not one.failure)

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence on each recipe that failed."""
        return tuple(f"{one.name} failed and is not compared: {one.failure}" for one in self.recipes if one.failure)
