"""Measuring a fitted model against its data."""

from typing import Any, Protocol

from saddle.data import Dataset
from saddle.evaluation.rows import Evaluation
from saddle.evaluation.table import Features, Sampler, compare


class Fitted(Protocol):
    """A fitted model, as far as measuring it needs one."""

    def member(self, index: int) -> Sampler:
        """One member of a population."""
        ...

    def divided(self, data: Any, *, member: int) -> tuple[Dataset, Dataset]:
        """What of the data the member learned from, and what was held out."""
        ...


def evaluate(
    model: Fitted, data: Any, *, n: int = 1000, seed: int = 0, member: int = 0, features: Features | None = None
) -> Evaluation:
    """Measure a fitted model's samples against held-out data, each number beside the same number for real data.

    Args:
        model: a fitted estimator.
        data: the data it was fitted on; the part that was held out then is what samples are compared with.
        n: samples to draw, at least 10; cut down to the number of training examples where these are fewer.
        seed: of the samples.
        member: which model of a population.
        features: maps pictures in model units to features (n, d); pixels without it.

    Raises:
        InputError: when the data are not those the model was fitted on.
    """
    train, held_out = model.divided(data, member=member)
    return compare(model.member(member), held_out, train, n=n, seed=seed, features=features)
