"""Where claims leave their records and pictures, each written when it is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saddle.claims.account import account, picture
from saddle.claims.claim import Claim
from saddle.claims.course import CLAIMS, part_of
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
        """See that nothing is written over here but records of claims and what is made of them.

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

    def has(self, claim: Claim, budget: str, seeds: tuple[int, ...]) -> bool:
        """Whether a claim's records here were made in this way, by the code that it has now."""
        return bool(self.records(claim)) and not self.outdated(claim, budget, seeds)

    def outdated(self, claim: Claim, budget: str, seeds: tuple[int, ...]) -> str:
        """Why a claim's records here are not what running it would give; empty where they are, or where none are."""
        found = self.records(claim)
        if not found:
            return ""
        if any(one.budget != budget for one in found):
            return f"its records here are of budget {found[0].budget}"
        if any(one.seeds != seeds for one in found):
            return f"its records here are of other seeds ({', '.join(map(str, found[0].seeds))})"
        return (
            "" if self._current(claim, found) else "its code, or saddle, has changed since its records here were made"
        )

    def keep(self, claim: Claim, records: list[Record]) -> None:
        """Write a claim's records and its picture."""
        for folder in (self.path / "records", self.path / "pictures"):
            folder.mkdir(parents=True, exist_ok=True)
        write_records(self._records(claim), records)
        if drawn := picture(claim, records[0]):
            write_text(self._picture(claim), drawn)

    def account(self, claim: Claim, name: str = "") -> Account:
        """A claim told from its records here; where other code made them, with the picture of then."""
        own, *controls = found = self.records(claim)
        if self._current(claim, found):
            return account(claim, part_of(claim.slug), own, controls, name=name)
        known = {control.slug for control in claim.controls}
        left = [one for one in controls if one.control in known]
        then = self._picture(claim).read_text() if self._picture(claim).exists() else ""
        return account(claim, part_of(claim.slug), own, left, name=name, then=then)

    def accounts(self, own: Mapping[str, Claim]) -> list[Account]:
        """All that is here: claims of the course in its order, then those of the user's own that are given by name."""
        course = [self.account(claim) for claim in CLAIMS.values() if self._records(claim).exists()]
        others = [(name, claim) for name, claim in own.items() if claim.slug not in CLAIMS]
        return course + [self.account(claim, name) for name, claim in others if self._records(claim).exists()]

    def others(self, own: Mapping[str, Claim]) -> list[str]:
        """Slugs of records here that belong to none of these claims, nor to one of the course."""
        known = {claim.slug for claim in own.values()} | {*CLAIMS}
        return sorted(path.stem for path in (self.path / "records").glob("*.json") if path.stem not in known)

    @staticmethod
    def _current(claim: Claim, records: list[Record]) -> bool:
        wanted = [None, *(control.slug for control in claim.controls)]
        code = claim.code
        return bool(code) and [one.control for one in records] == wanted and all(one.code == code for one in records)

    def _records(self, claim: Claim) -> Path:
        return self.path / "records" / f"{claim.slug}.json"

    def _picture(self, claim: Claim) -> Path:
        return self.path / "pictures" / f"{claim.slug}.svg"
