"""Players that chase each other, so that samples come near the data and leave them again."""

from saddle.diagnosis.evidence import Evidence, Trained
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import legs

HALF = 0.5  # of the run is looked at
FACTOR = 1.5  # by which the distance must rise or fall to count
TURNS = 4  # such rises and falls
WIDE = 0.5  # spread from which samples are no small clump that wanders
AWAY = 0.02  # energy coefficient that the worst fifth of the time must exceed
SLOWER = (
    "A smaller learning rate, or a schedule that lets it fall.",
    "A larger batch, whose loss varies less.",
    "A moving average (average = 0.99 or more), which holds still where what is trained does not.",
)
ADVICE: dict[Trained, tuple[str, ...]] = {
    "game": (
        "Smaller learning rates for both players, or a schedule that lets them fall.",
        "Momentum (beta1) of 0 instead of 0.5 or more.",
        "R1 or the gradient penalty, which damp the rotation of the game; weight clipping does not.",
        "A moving average of the generator (average = 0.99 or more): its samples hold still where the players circle.",
    ),
    "generator": SLOWER,
    "model": SLOWER,
}


def oscillating(evidence: Evidence) -> Finding | None:
    """The distance rises and falls again and again in the second half, in samples that are spread out."""
    apart, spread = evidence.apart, evidence.spread
    values = apart.end(HALF)
    if len(values) < TURNS or (spread and spread.median(HALF) < WIDE):
        return None
    floor = AWAY / 2 if evidence.coefficient else 0.02 * abs(apart.first)
    turns = legs([max(value, floor) for value in values], FACTOR)
    worst = sorted(values)[-max(1, len(values) // 5)]
    if turns < TURNS or worst < 2 * floor:
        return None
    low, high = min(evidence.distance.end(HALF)), max(evidence.distance.end(HALF))
    facts = (
        f"In the second half the distance to the data rose by half, or fell as far, {turns} times, the energy distance "
        f"between {low:.3g} and {high:.3g}.",
    )
    limit = Limit("coefficient" if evidence.coefficient else "distance", 2 * floor, "far from the data")
    return Finding("oscillating", facts, ADVICE[evidence.trained], (limit,))
