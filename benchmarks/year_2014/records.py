"""Records of rows in one JSON file, written after each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saddle.core.files import read_record, write_record

VERSION = 1


@dataclass(frozen=True)
class Records:
    """The records of a table.

    Attributes:
        folder: where they are.
        name: of the files, without suffix.
    """

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """The records."""
        return self.folder / f"{self.name}.json"

    @property
    def page(self) -> Path:
        """The table made of them."""
        return self.folder / f"{self.name}.md"

    def all(self) -> list[dict[str, Any]]:
        """Every record."""
        return read_record(self.path, "table of 2014", VERSION)["rows"] if self.path.exists() else []

    def has(self, row: str, seed: int) -> bool:
        """Whether a row has a record for a seed."""
        return any(record["row"] == row and record["seed"] == seed for record in self.all())

    def add(self, record: dict[str, Any]) -> dict[str, Any]:
        """Keep a record, in place of an older one of the same row and seed."""
        others = [one for one in self.all() if (one["row"], one["seed"]) != (record["row"], record["seed"])]
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = sorted([*others, record], key=lambda one: (one["row"], one["seed"]))
        write_record(self.path, "table of 2014", VERSION, {"rows": rows})
        return record
