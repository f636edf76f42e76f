"""Samples that are near copies of training examples."""

from saddle.diagnosis.evidence import Evidence, Trained
from saddle.diagnosis.finding import Finding

NEARER = 0.5  # share of samples with a held-out example nearest, over what is expected, below which they may be copies
CLOSER = 0.65  # chance to be closer to the training data than unseen data are
SURE = 3.0  # standard errors
ENOUGH = 10  # held-out examples, below which nothing is said
WIDE = 0.35  # spread below which samples are one clump, whose nearest example is a matter of chance
SMALLER: dict[Trained, str] = {
    "game": "Smaller networks or a heavier penalty; a critic that knows each example by heart teaches copies.",
    "generator": "Make the generator smaller; the distance to few examples is least at the examples themselves.",
    "model": "Make the networks smaller, or give them less to go by: a smaller code, or more noise.",
}


def memorizing(evidence: Evidence) -> Finding | None:
    """Samples nearer to training examples than to unseen ones, and nearer to them than unseen ones are.

    The first alone says that it is these examples and no others that samples are near; the second that they are near.
    A generator that is narrower than the data does not have the first, one that is off the data not the second.
    """
    found = evidence.nearness
    if found is None or found.held_out < ENOUGH or (evidence.spread and evidence.spread.median() < WIDE):
        return None
    sure = found.closer - SURE * found.error > 0.5
    if not (found.to_unseen < NEARER and found.closer > CLOSER and sure):
        return None
    facts = (
        f"Held-out examples are nearest to samples {found.to_unseen:.2f} times as often as a model that learned "
        "the law would have it: samples keep to the training examples.",
        f"A sample lies closer to the training data than a held-out example in {found.closer:.2f} ± {found.error:.2f} "
        "of comparisons, where one half is expected.",
    )
    advice = (
        "Give it more examples; nothing helps as much.",
        "Train for fewer rounds: sample earlier checkpoints, and take one before the distance to held-out data levels.",
        SMALLER[evidence.trained],
    )
    return Finding("memorizing", facts, advice)
