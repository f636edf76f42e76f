"""A run that ended while it was still getting better."""

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import falling

FEW = 3  # measured distances, below which nothing can have settled


def under_trained(evidence: Evidence) -> Finding | None:
    """Samples still far from the data and still coming nearer, or hardly any training at all."""
    distance = evidence.distance
    few = len(distance.values) < FEW
    if not few and not (evidence.far and falling(evidence)):
        return None
    trend = f"The energy distance was {distance.text()}" if distance else "No distance was measured"
    last = "after a handful of rounds." if few else "and still falling when the run ended."
    advice = ("Train for longer: saddle train --resume RUN --rounds N goes on from where it is.",)
    return Finding("under-trained", (f"{trend}, {last}",), advice, (Limit("distance", 0.0, "equal laws, on average"),))
