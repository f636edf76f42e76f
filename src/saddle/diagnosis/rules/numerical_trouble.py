"""Numbers that are not finite, or on their way there."""

from saddle.diagnosis.evidence import Evidence, Trained
from saddle.diagnosis.finding import Finding, Limit

LARGE = 1e4  # of a player's loss, which for sound training is of order one
GROWN = 100.0  # times what another loss began with, whose size is a matter of the data
WIDE = 1e3  # times as wide as the data
LOWER = ("Lower the learning rate: a tenth of what it is is a good start.",)
ADVICE: dict[Trained, tuple[str, ...]] = {
    "game": (
        "Lower the learning rates, the critic's first: a tenth of what they are is a good start.",
        "Hold the critic with a penalty, such as R1 or the gradient penalty, or a smaller weight of the one it has: "
        "a penalty times the rate must stay small.",
    ),
    "generator": LOWER,
    "model": LOWER,
}
PLAYERS = ("critic loss", "generator loss")
ROUNDING = "Adam copes with gradients of any size, SGD does not; precision float64 tells whether it is rounding."


def numerical_trouble(evidence: Evidence) -> Finding | None:
    """A run that a number broke off, whose losses grew out of range, or whose samples did."""
    facts: list[str] = []
    limits: list[Limit] = []
    if evidence.trouble is not None:
        facts.append(evidence.trouble)
    for name, curve in evidence.losses.items():
        largest = max((abs(value) for value in curve.end()), default=0.0)
        if name in PLAYERS and largest > LARGE:
            facts.append(f"The {name} came to {largest:.3g} in size, where sound ones are of order one.")
        elif name not in PLAYERS and curve and largest > GROWN * max(abs(curve.first), 1.0):
            facts.append(f"The {name} came to {largest:.3g} in size, and began at {curve.first:.3g}.")
    if evidence.spread and evidence.spread.median() > WIDE:
        facts.append(f"Samples lie {evidence.spread.median():.3g} times as far from each other as examples do.")
        limits.append(Limit("spread", WIDE, "out of range"))
    if not facts:
        return None
    return Finding("numerical trouble", tuple(facts), (*ADVICE[evidence.trained], ROUNDING), tuple(limits))
