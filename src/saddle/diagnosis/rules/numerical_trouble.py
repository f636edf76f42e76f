"""Numbers that are not finite, or on their way there."""

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit

LARGE = 1e4  # of a loss, which for sound training is of order one
WIDE = 1e3  # times as wide as the data
ADVICE = (
    "Lower the learning rates, the critic's first: a tenth of what they are is a good start.",
    "Hold the critic with a penalty, such as R1 or the gradient penalty, or a smaller weight of the one it has: "
    "a penalty times the rate must stay small.",
)
ADVICE_ALONE = ("Lower the learning rate: a tenth of what it is is a good start.",)
ROUNDING = "Adam copes with gradients of any size, SGD does not; precision float64 tells whether it is rounding."


def numerical_trouble(evidence: Evidence) -> Finding | None:
    """A run that a number broke off, whose losses grew out of range, or whose samples did."""
    facts: list[str] = []
    limits: list[Limit] = []
    if evidence.trouble is not None:
        facts.append(evidence.trouble)
    for name, curve in evidence.losses.items():
        largest = max((abs(value) for value in curve.end()), default=0.0)
        if largest > LARGE:
            facts.append(f"The {name} came to {largest:.3g} in size, where sound ones are of order one.")
    if evidence.spread and evidence.spread.median() > WIDE:
        facts.append(f"Samples lie {evidence.spread.median():.3g} times as far from each other as examples do.")
        limits.append(Limit("spread", WIDE, "out of range"))
    if not facts:
        return None
    advice = ADVICE_ALONE if evidence.alone else ADVICE
    return Finding("numerical trouble", tuple(facts), (*advice, ROUNDING), tuple(limits))
