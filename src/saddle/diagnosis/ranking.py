"""Which verdict counts where several rules find something."""

from collections.abc import Callable

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding
from saddle.diagnosis.rules.collapse import collapsed, collapsing
from saddle.diagnosis.rules.convergence import converged
from saddle.diagnosis.rules.critic_too_strong import critic_too_strong
from saddle.diagnosis.rules.critic_too_weak import critic_too_weak
from saddle.diagnosis.rules.memorizing import memorizing
from saddle.diagnosis.rules.numerical_trouble import numerical_trouble
from saddle.diagnosis.rules.oscillation import oscillating
from saddle.diagnosis.rules.under_trained import early, few, under_trained

Rule = Callable[[Evidence], Finding | None]

RULES: tuple[Rule, ...] = (
    numerical_trouble,
    critic_too_strong,
    critic_too_weak,
    memorizing,
    collapsed,
    oscillating,
    collapsing,
    under_trained,
)
"""In order: what explains the others comes first. Numbers out of range make everything else meaningless; a critic that
teaches nothing leaves samples that look collapsed; copies of few examples come and go while the players quarrel over
them; samples that come and go are at times few."""

AT_FIRST: tuple[Rule, ...] = (numerical_trouble, under_trained)
EARLY: tuple[Rule, ...] = (numerical_trouble, critic_too_strong, critic_too_weak, under_trained)


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """What the rules find, the verdict first; `converged` where none finds anything.

    Before ten distances of a game are measured, or three of a model without a critic, only numbers out of range can be
    told from a training that has hardly begun; in the first hundred rounds also a critic that is too strong or too
    weak.
    """
    rules = AT_FIRST if few(evidence) else EARLY if early(evidence) else RULES
    found = tuple(finding for rule in rules if (finding := rule(evidence)) is not None)
    faults = tuple(finding for finding in found if finding.verdict != "under-trained")
    return faults or found or (converged(evidence),)  # that a faulty run has not settled says nothing more
