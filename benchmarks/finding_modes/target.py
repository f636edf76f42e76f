"""What data whose modes can be counted offer the table, whether their modes are told by geometry or by a classifier."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import saddle
from records import Records
from saddle.families import GAN


@dataclass(frozen=True)
class Row:
    """A row that trains.

    Attributes:
        label: what it is.
        make: the model, from the layout of the data.
        rounds: of each seed; None for the recipe's own.
        published: for each data set the figures it stands beside.
        reason: why ours are others.
    """

    label: str
    make: Callable[[Any], GAN]
    rounds: int | None
    published: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""


class Sampler(Protocol):
    """One trained seed."""

    def sample(self, n: int) -> np.ndarray:
        """The first n of its samples, in own units."""
        ...


class Target(Protocol):
    """Data whose modes can be counted.

    Attributes:
        name: on the command line and in records.
        rows: what can be trained on them, by name.
        definitions: what its columns are, for a page to say once.
    """

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Mapping[str, Row]: ...
    @property
    def definitions(self) -> str: ...

    def opened(self) -> "saddle.Dataset":
        """What rows are trained on."""
        ...

    def measured(self, seeds: Sequence[Sampler]) -> dict[str, Any]:
        """The entries of a record that say what the samples of each seed score."""
        ...

    def summary(self, record: dict[str, Any]) -> str:
        """What a record scores, in one line."""
        ...

    def section(self, records: list[dict[str, Any]]) -> list[str]:
        """The lines of a page that show records of these data; from the records alone."""
        ...

    def draw(self, records: Records, work: Path) -> Path | None:
        """Draw samples of the rows whose points are in the records, or whose runs are in `work`; None for neither."""
        ...
