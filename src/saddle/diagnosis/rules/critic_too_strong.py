"""A critic that is always right and leaves the generator nothing to learn from."""

from saddle.diagnosis.curve import LAST
from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import falling

RIGHT = 0.98  # accuracy of a critic that is nearly always right
VANISHED = 0.2  # of the gradient before training
CERTAIN = 0.02  # mean D at samples, where the gradient was not logged


def critic_too_strong(evidence: Evidence) -> Finding | None:
    """Accuracy near one, the gradient at samples gone, and samples that stay far from the data.

    A critic that is always right does no harm while samples come nearer; where the gradient at samples has not
    vanished, they move, and what is wrong with where they move is for other rules.
    """
    accuracy, gradient = evidence.accuracy, evidence.gradient
    if not accuracy or accuracy.median() < RIGHT or not evidence.far or falling(evidence):
        return None
    if gradient:
        vanished = gradient.median() < VANISHED * gradient.first
        known = f"A sample's gradient for the generator has mean length {gradient.text()}."
        limits = [Limit("gradient", VANISHED * gradient.first, "vanished")]
    else:
        vanished = bool(evidence.belief) and evidence.belief.median() < CERTAIN
        known = f"The critic gives samples a mean D of {evidence.belief.median():.2g}." if evidence.belief else ""
        limits = []
    if not vanished:
        return None
    facts = (
        f"A real example outscores a made one in {accuracy.median():.1%} of pairs over the last {LAST:.0%} of the run.",
        known,
        f"Samples came no nearer to the data: the energy distance is {evidence.distance.text()}.",
    )
    advice = (
        "Take an objective that does not saturate, such as non-saturating or wasserstein, or hold the critic with R1 "
        "or the gradient penalty.",
        "Fewer critic updates a round, or a smaller rate for the critic.",
        "Instance noise, which makes data and samples overlap, so that the critic cannot be certain.",
    )
    return Finding("critic too strong", facts, advice, (Limit("accuracy", RIGHT, "always right"), *limits))
