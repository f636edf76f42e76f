"""Where claims leave their records and pictures, each written when it is found."""

from dataclasses import dataclass
from pathlib import Path

from saddle.claims.account import account, picture
from saddle.claims.claim import Claim
from saddle.claims.course import part_of
from saddle.claims.record import Record, read_records, write_records
from saddle.core.account import Account
from saddle.core.errors import InputError
from saddle.core.files import write_text


@dataclass(frozen=True)
class ClaimFolder:
    """A folder with `records/SLUG.json`, `pictures/SLUG.svg` and `index.html`.

    Attributes:
        path: the folder.
    """

    path: Path

    @property
    def page(self) -> Path:
        """The page that shows all."""
        return self.path / "index.html"

    def check(self) -> None:
        """See that writing here destroys nothing.

        Raises:
            InputError: when there is a file of that name, or a folder with content that is not ours.
        """
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"Claims need a folder to be written to; {self.path} is a file.")
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / "records").is_dir():
            raise InputError(f"{self.path} is neither a new or empty folder nor one of earlier claims; choose another.")

    def records(self, claim: Claim) -> list[Record]:
        """The records of a claim and its controls; empty where there are none."""
        path = self._records(claim)
        return read_records(path) if path.exists() else []

    def has(self, claim: Claim, budget: str, seeds: tuple[int, ...], version: str) -> bool:
        """Whether a claim's records here were made in this way, by this version."""
        wanted = [None, *(control.slug for control in claim.controls)]
        found = self.records(claim)
        alike = all((one.budget, one.seeds, one.made["saddle"]) == (budget, seeds, version) for one in found)
        return alike and [one.control for one in found] == wanted

    def keep(self, claim: Claim, records: list[Record]) -> None:
        """Write a claim's records and its picture."""
        for folder in (self.path / "records", self.path / "pictures"):
            folder.mkdir(parents=True, exist_ok=True)
        write_records(self._records(claim), records)
        if drawn := picture(claim, records[0]):
            write_text(self.path / "pictures" / f"{claim.slug}.svg", drawn)

    def account(self, claim: Claim, name: str) -> Account:
        """A claim told from its records here."""
        own, *controls = self.records(claim)
        return account(claim, part_of(claim.slug), own, controls, name=name)

    def _records(self, claim: Claim) -> Path:
        return self.path / "records" / f"{claim.slug}.json"
