"""A critic that cannot tell samples from data although they are far apart."""

from statistics import quantiles

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit

BLIND = 0.65  # accuracy of a critic that is hardly better than chance


def critic_too_weak(evidence: Evidence) -> Finding | None:
    """Accuracy near one half or below it nearly all the time, while samples are far from the data.

    In a game in which the generator outruns a critic that does learn, the accuracy swings: nine in ten of its values
    must be low.
    """
    accuracy = evidence.accuracy
    if not accuracy or not evidence.far:
        return None
    end = accuracy.end()
    high = quantiles(end, n=10)[-1] if len(end) > 1 else accuracy.median()
    if high > BLIND:
        return None
    facts = (
        f"A real example outscores a made one in {accuracy.median():.0%} of pairs at the end, and in nine of ten "
        f"rounds in at most {high:.0%}, where a useful critic is well above one half.",
        f"Yet samples are far from the data: the energy distance is {evidence.distance.text()}.",
    )
    advice = (
        "Raise the critic's learning rate, or give it more updates a round.",
        "A wider or deeper critic; a lighter penalty, or a larger limit where weights are clipped.",
        "A smaller rate for the generator, so that the critic can follow.",
    )
    return Finding("critic too weak", facts, advice, (Limit("accuracy", BLIND, "hardly better than chance"),))
