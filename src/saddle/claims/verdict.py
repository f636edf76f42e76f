"""The one judge: what an experiment's checks say of its statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from saddle.claims.check import Check

Kind = Literal["theorem", "observation"]
Outcome = Literal["holds", "refuted", "undecided", "found"]


@dataclass(frozen=True)
class Verdict:
    """What was found of a statement.

    Attributes:
        outcome: of a theorem "holds" where every check does, "refuted" where one fails, "undecided" otherwise; of an
            observation "found", whatever its checks say, or "undecided" where one has no number.
        checks: the numbers.
    """

    outcome: Outcome
    checks: tuple[Check, ...]

    def __str__(self) -> str:
        return self.outcome


def judge(kind: Kind, checks: Sequence[Check]) -> Verdict:
    """The verdict on a statement; the same for a control, and at every budget."""
    found = tuple(checks)
    statuses = {check.status for check in found}
    if kind == "observation":
        complete = found and all(check.value == check.value for check in found)
        return Verdict("found" if complete else "undecided", found)
    if "fails" in statuses:
        return Verdict("refuted", found)
    return Verdict("holds" if statuses == {"holds"} else "undecided", found)
