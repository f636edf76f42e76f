"""Mixtures of Gaussians as data whose modes are told by geometry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import saddle
from finding_modes.laws import opened
from finding_modes.measuring import scores
from finding_modes.picture import write_picture
from finding_modes.rendering import DEFINITIONS, section, summary
from finding_modes.target import Row, Sampler
from records import Records


@dataclass(frozen=True, eq=False)
class Mixture:
    """A law of `laws.py`.

    Attributes:
        name: its name there.
        rows: what can be trained on it, by name.
        definitions: what its columns are.
    """

    name: str
    rows: Mapping[str, Row]
    definitions: str = DEFINITIONS

    def opened(self) -> "saddle.Dataset":
        """A hundred thousand points."""
        return opened(self.name)

    def measured(self, seeds: Sequence[Sampler]) -> dict[str, Any]:
        """Modes, share of high quality and reverse KL of each seed."""
        return {"scores": scores(seeds, self.name)}

    def summary(self, record: dict[str, Any]) -> str:
        """A record in one line."""
        return summary(record)

    def section(self, records: list[dict[str, Any]]) -> list[str]:
        """The table of the mixture."""
        return section(self.name, records)

    def draw(self, records: Records, work: Path) -> Path | None:
        """Samples of every row's worst seed."""
        return write_picture(records, work, self.name)
