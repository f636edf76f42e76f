"""Measuring a fitted model against its data, or against others."""

from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.evaluation.alike import in_units_of
from saddle.evaluation.by_class import by_class
from saddle.evaluation.choice import Wanted
from saddle.evaluation.features import Features
from saddle.evaluation.rows import Evaluation
from saddle.evaluation.sets import Sampler
from saddle.evaluation.table import compare


class Trained(Protocol):
    """The training behind a model."""

    def knows(self, data: Dataset) -> bool:
        """Whether these are the data that it was fitted on."""
        ...


class Fitted(Protocol):
    """A fitted model, as far as measuring it needs one."""

    @property
    def trained(self) -> Trained:
        """Its training."""
        ...

    def member(self, index: int) -> Sampler:
        """One member of a population."""
        ...

    def divided(self, data: Any = None, *, member: int = 0) -> tuple[Dataset, Dataset]:
        """What of the data the member learned from, and what was held out."""
        ...


class Division(NamedTuple):
    """What a model is measured with."""

    train: Dataset
    held_out: Dataset
    notes: tuple[str, ...]


def evaluate(
    model: Fitted,
    data: Any = None,
    *,
    n: int = 1000,
    seed: int = 0,
    member: int = 0,
    features: str | Features | None = None,
    of: Wanted = None,
    classes: bool = True,
) -> Evaluation:
    """Measure a fitted model's samples against data it has not seen, each number beside the same for real data.

    Args:
        model: a fitted estimator.
        data: the data it was fitted on (the default), of which the part that was held out then is compared with; or
            others of the same form, which are compared with whole.
        n: samples to draw, at least 10; cut down to the number of training examples where these are fewer.
        seed: of the samples.
        member: which model of a population.
        features: in what to compare pictures: "classifier" for one trained on the labels, the file of a network such
            as Inception's, `my_file.py:my_function`, or a function from model units to features (n, d); pixels without.
        of: names of measures, such as ["energy_distance", "mmd"]; by default those that suit the data, "all" for all.
        classes: measure a conditional model class by class as well.

    Raises:
        InputError: when the data are not of the form of those the model was fitted on, or an argument is out of range.
    """
    train, held_out, notes = _division(model, data, member)
    one = model.member(member)
    result = compare(one, held_out, train, n=n, seed=seed, features=features, of=of)
    result = replace(result, notes=(*notes, *result.notes))
    conditional = one.sample_model(1, seed=seed)[1] is not None
    if not (classes and conditional) or held_out.y is None:
        return result
    found, more = by_class(one, held_out, train, n=n, seed=seed, features=features, of=of)
    return replace(result, classes=found, notes=(*result.notes, *more))


def _division(model: Fitted, data: Any, member: int) -> Division:
    if data is None:
        return Division(*model.divided(member=member), ())
    opened = open_data(data)
    if model.trained.knows(opened):
        return Division(*model.divided(opened, member=member), ())
    train, _ = model.divided(member=member)
    note = f"{opened.name} is not what the model was trained on: all of it is held out."
    return Division(train, in_units_of(train, opened), (note,))
