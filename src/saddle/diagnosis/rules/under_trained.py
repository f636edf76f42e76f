"""A run that ended while it was still getting better, or before samples reached most of the data."""

from saddle.diagnosis.evidence import Evidence, Trained
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.rules.collapse import PART, reached
from saddle.diagnosis.trend import falling, settled

FEW = 3  # measured distances, below which nothing can have settled
ENOUGH = 10  # of a game, whose critic has hardly learned before
EARLY = 100  # rounds, within which samples that are few and close are still those of an untrained generator
LONGER = (
    "Train for longer: saddle train --resume RUN --rounds N goes on from where it is, or saddle train --rounds N "
    "begins anew where its rates have fallen to zero."
)
SHARPER: dict[Trained, str] = {
    "game": "A recipe that finds sharp modes, such as default or wgan-gp, whose critic a penalty holds; Fourier "
    "features, MLP(fourier_octaves=...), where the data are points.",
    "generator": "Narrower kernels beside the wide ones, or a smaller epsilon, which see what lies between modes.",
    "model": "A wider or deeper model, a larger code, or less of what blurs it: noise, contraction, the weight of the "
    "KL.",
}


def few(evidence: Evidence) -> bool:
    """Whether too few distances were measured to tell more than numbers out of range."""
    return len(evidence.distance.values) < (ENOUGH if evidence.accuracy else FEW)


def early(evidence: Evidence) -> bool:
    """Whether the run is too young to tell a collapse or an oscillation from the way in."""
    return not evidence.distance or evidence.distance.rounds[-1] < EARLY


def under_trained(evidence: Evidence) -> Finding | None:
    """Hardly any training, samples far whose distance still falls or has not settled, or less than half of the data
    reached, be they near as a whole.

    Early in a training distances fall in waves, so that the last stretch may rise.
    """
    if few(evidence) or (evidence.far and (early(evidence) or falling(evidence) or not settled(evidence))):
        return _unsettled(evidence)
    if evidence.coverage and evidence.coverage.median() < PART:
        return _unreached(evidence)
    return None


def _unsettled(evidence: Evidence) -> Finding:
    distance = evidence.distance
    trend = f"The energy distance was {distance.text()}" if distance else "No distance was measured"
    if early(evidence):
        last = f"after {distance.rounds[-1] if distance else 0:,} rounds, too few to tell anything else."
    elif few(evidence):
        last = f"measured {len(distance.values)} times, too few to tell anything else."
    else:
        last = f"and {'still falling' if falling(evidence) else 'had not settled'} when the run ended."
    limits = (Limit("distance", 0.0, "equal laws, on average"),)
    return Finding("under-trained", (f"{trend}, {last}",), (LONGER,), limits)


def _unreached(evidence: Evidence) -> Finding:
    """Samples that are smeared over the data, or miss most of them, are near by distances between whole laws."""
    trend = "still falls" if falling(evidence) else "no longer falls"
    whole = "stay apart from" if evidence.far else "are near"
    facts = (
        f"As a whole samples {whole} the data: the energy distance is {evidence.distance.text()}, and {trend}.",
        reached(evidence.coverage),
    )
    limits = (Limit("coverage", PART, "half of the data"), Limit("distance", 0.0, "equal laws, on average"))
    return Finding("under-trained", facts, (LONGER, SHARPER[evidence.trained]), limits)
