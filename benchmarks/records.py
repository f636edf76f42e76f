"""Records of a table's rows in one JSON file, written after each."""

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
        kind: what they are records of.
        keys: the entries that tell rows apart.
    """

    folder: Path
    name: str
    kind: str = "table of 2014"
    keys: tuple[str, ...] = ("row", "seed")

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
        return read_record(self.path, self.kind, VERSION)["rows"] if self.path.exists() else []

    def has(self, *key: object) -> bool:
        """Whether there is a record with these values of its keys, such as a row and a seed."""
        return any(self._key(record) == key for record in self.all())

    def add(self, record: dict[str, Any]) -> dict[str, Any]:
        """Keep a record, in place of an older one of the same row and seed."""
        others = [one for one in self.all() if self._key(one) != self._key(record)]
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = sorted([*others, record], key=self._key)
        write_record(self.path, self.kind, VERSION, {"rows": rows})
        return record

    def _key(self, record: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(record[name] for name in self.keys)
