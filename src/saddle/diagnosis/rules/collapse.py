"""Samples that reach a small part of the data, or ever less of them."""

from statistics import median

from saddle.diagnosis.curve import Curve
from saddle.diagnosis.evidence import Evidence, Trained
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import falling

PART = 0.5  # coverage below which most of the data are not reached
NARROW = 0.6  # spread below which samples are concentrated
LOST = 0.25  # coverage that was there and is gone
ADVICE: dict[Trained, tuple[str, ...]] = {
    "game": (
        "Hold the critic with R1 or the gradient penalty, and give it more updates a round: a generator that meets a "
        "smooth critic at its best has no reason to crowd.",
        "A smaller rate for the generator, momentum (beta1) of 0 to 0.5, and a moving average of the generator.",
        "A larger batch, in which the critic sees that samples are alike.",
    ),
    "generator": (
        "A larger batch, whose distance to the data tells more of where they are.",
        "Wider kernels beside the narrow ones, or an objective with features, where samples are too far to be moved.",
        "A smaller rate for the generator, or a wider one.",
    ),
    "model": (
        "A wider or deeper model, a larger code, or less of what holds it: noise, contraction, the weight of the KL.",
        "More steps of the sampling chain, or more noise in it, where samples are read off one: it may not mix.",
        "A smaller learning rate, which falls to nothing, and more rounds.",
    ),
}


def collapsed(evidence: Evidence) -> Finding | None:
    """Low coverage by samples that lie close together, far from the data, and not getting better."""
    coverage, spread = evidence.coverage, evidence.spread
    if not coverage or not evidence.far or coverage.median() >= PART or spread.median() >= NARROW:
        return None
    if falling(evidence) and not dropped(coverage):
        return None
    facts = (reached(coverage), _spread(spread), f"The energy distance is {evidence.distance.text()}.")
    limits = (Limit("coverage", PART, "half of the data"), Limit("spread", NARROW, "concentrated"))
    return Finding("collapsed", facts, ADVICE[evidence.trained], limits)


def collapsing(evidence: Evidence) -> Finding | None:
    """Coverage well below what it was for a while, while samples move away from the data."""
    coverage = evidence.coverage
    if not coverage or not evidence.far or not dropped(coverage) or falling(evidence):
        return None
    facts = (reached(coverage), _spread(evidence.spread))
    limits = (Limit("coverage", highest(coverage), "reached before"),)
    return Finding("collapsing", facts, ADVICE[evidence.trained], limits)


def dropped(coverage: Curve) -> bool:
    """Whether much less is reached at the end than was before."""
    return highest(coverage) - coverage.median() > LOST


def highest(coverage: Curve) -> float:
    """The largest median of as many successive values as the end has."""
    size = len(coverage.end())
    return max(median(coverage.values[i : i + size]) for i in range(len(coverage.values) - size + 1))


def reached(coverage: Curve) -> str:
    """How much of the data samples reach, in a sentence."""
    return f"Samples reach {coverage.median():.0%} of the training data at the end, at best {highest(coverage):.0%}."


def _spread(spread: Curve) -> str:
    return f"They lie {spread.median():.2f} times as far from each other as the data do."
