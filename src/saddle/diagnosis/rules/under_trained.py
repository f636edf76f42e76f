"""A run that ended while it was still getting better."""

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import falling, settled

FEW = 3  # measured distances, below which nothing can have settled
EARLY = 100  # rounds, within which samples that are few and close are still those of an untrained generator


def early(evidence: Evidence) -> bool:
    """Whether the run is too young to tell a collapse or an oscillation from the way in."""
    return not evidence.distance or evidence.distance.rounds[-1] < EARLY


def under_trained(evidence: Evidence) -> Finding | None:
    """Samples far from the data whose distance still falls or has not settled, or hardly any training at all.

    Early in a training distances fall in waves, so that the last stretch may rise.
    """
    distance = evidence.distance
    few = len(distance.values) < FEW
    if not few and (not evidence.far or (not early(evidence) and settled(evidence) and not falling(evidence))):
        return None
    trend = f"The energy distance was {distance.text()}" if distance else "No distance was measured"
    if few or early(evidence):
        last = f"after {distance.rounds[-1] if distance else 0:,} rounds, too few to tell anything else."
    else:
        last = f"and {'still falling' if falling(evidence) else 'had not settled'} when the run ended."
    advice = ("Train for longer: saddle train --resume RUN --rounds N goes on from where it is.",)
    return Finding("under-trained", (f"{trend}, {last}",), advice, (Limit("distance", 0.0, "equal laws, on average"),))
