"""Mixtures of Gaussians as data whose modes are told by geometry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import saddle
from finding_modes.laws import LAWS, opened
from finding_modes.measuring import scores
from finding_modes.picture import drawn, write_picture
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

    @property
    def flat(self) -> bool:
        """Whether its points lie in a plane."""
        return LAWS[self.name]().means.shape[1] == 2

    def opened(self) -> "saddle.Dataset":
        """A hundred thousand points."""
        return opened(self.name)

    def measured(self, seeds: Sequence[Sampler]) -> dict[str, Any]:
        """Modes, share of high quality and reverse KL of each seed, and points of one."""
        found = scores(seeds, self.name)
        return {"scores": found} | ({"drawn": drawn(seeds, found)} if self.flat else {})

    def summary(self, record: dict[str, Any]) -> str:
        """A record in one line."""
        return summary(record)

    def section(self, records: list[dict[str, Any]]) -> list[str]:
        """The table of the mixture."""
        return section(self.name, records)

    def draw(self, records: Records, work: Path) -> Path | None:
        """Samples of every row's worst seed, from the records."""
        return write_picture(records, self.name)
