"""The answer to "what is wrong with this run"."""

import json
from dataclasses import dataclass
from typing import Any

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import ABOUT, Finding, Verdict


@dataclass(frozen=True)
class Diagnosis:
    """A verdict on one member of a run.

    Attributes:
        findings: what the rules found, the verdict first; never empty.
        curves: what they looked at.
        notes: sentences on what could not be looked at, and why.
    """

    findings: tuple[Finding, ...]
    curves: Evidence
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The name of what is most wrong, or "converged"."""
        return self.findings[0].verdict

    @property
    def about(self) -> str:
        """The verdict in a few words."""
        return ABOUT[self.verdict]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Sentences with the numbers behind the verdict."""
        return self.findings[0].evidence

    @property
    def advice(self) -> tuple[str, ...]:
        """What to change, most promising first."""
        return self.findings[0].advice

    @property
    def others(self) -> tuple[Verdict, ...]:
        """Further verdicts whose rules found something; they may follow from the first."""
        return tuple(finding.verdict for finding in self.findings[1:])

    def to_record(self) -> dict[str, Any]:
        """This diagnosis as JSON values."""
        return {
            "verdict": self.verdict,
            "about": self.about,
            "evidence": list(self.evidence),
            "advice": list(self.advice),
            "others": list(self.others),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """This diagnosis as JSON text."""
        return json.dumps(self.to_record(), indent=1)

    def __str__(self) -> str:
        parts = [f"{self.verdict}: {self.about}", "", "Evidence", *_listed(self.evidence)]
        parts += ["", "What to change", *_listed(self.advice)]
        if self.others:
            parts += ["", f"Also found: {', '.join(self.others)}."]
        return "\n".join([*parts, *(["", *self.notes] if self.notes else [])])


def _listed(sentences: tuple[str, ...]) -> list[str]:
    return [f"- {sentence}" for sentence in sentences]
