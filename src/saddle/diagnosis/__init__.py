"""What is wrong with a run, if anything: one verdict of a closed list, its evidence, and what to change."""

from saddle.diagnosis.diagnose import diagnose, from_history
from saddle.diagnosis.diagnosis import Diagnosis
from saddle.diagnosis.evidence import Evidence, Nearness, in_history
from saddle.diagnosis.finding import ABOUT, VERDICTS, Finding, Limit, Verdict
from saddle.diagnosis.ranking import findings
from saddle.diagnosis.rules.under_trained import ENOUGH

__all__ = [
    "ABOUT",
    "ENOUGH",
    "VERDICTS",
    "Diagnosis",
    "Evidence",
    "Finding",
    "Limit",
    "Nearness",
    "Verdict",
    "diagnose",
    "findings",
    "from_history",
    "in_history",
]
