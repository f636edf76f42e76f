"""Measuring a conditional model one class at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import torch

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.data.layout import Label
from saddle.evaluation.choice import Wanted, chosen
from saddle.evaluation.features import Extractor, Features, find_features
from saddle.evaluation.judge import Judge, train_judge
from saddle.evaluation.menu import Offer
from saddle.evaluation.rows import ClassRows, Row
from saddle.evaluation.sets import Sampler, Sets, some
from saddle.evaluation.table import measured, seen

FEWEST = 10
MEASURED = {"images": ("energy_distance", "precision_recall")}
OF_THE_WHOLE = ("copying", "mode_coverage")
AGREEMENT = "label agreement"


@dataclass(frozen=True)
class Part:
    """One class of the data.

    Attributes:
        index: of the class.
        label: the user's own.
        held_out: its examples that nothing was trained on.
        train: its examples that were.
    """

    index: int
    label: Label
    held_out: Dataset
    train: Dataset


def by_class(
    model: Sampler,
    held_out: Dataset,
    train: Dataset,
    *,
    n: int = 1000,
    seed: int = 0,
    features: str | Features | None = None,
    of: Wanted = None,
) -> tuple[tuple[ClassRows, ...], tuple[str, ...]]:
    """Each class of a conditional model against the held-out data of that class.

    Args:
        model: draws samples of a given class.
        held_out: labeled data that it was not trained on.
        train: what it was trained on; a classifier learns its labels, to tell whether samples show what was asked for.
        n: samples per class, cut down to the class's training examples.
        seed: of the samples.
        features: in what to compare; see `find_features`.
        of: names of measures; by default the energy distance, for pictures also precision and recall.

    Returns:
        A row per class and measure, and a sentence on what was left out.

    Raises:
        InputError: when the data have no labels.
    """
    if held_out.classes is None or train.y is None or held_out.y is None:
        raise InputError(f"{held_out.name} has no labels to measure class by class.")
    judge = train_judge(train, seed=seed)
    parts = [_part(index, label, held_out, train) for index, label in enumerate(held_out.classes)]
    enough = [part for part in parts if min(len(part.held_out), len(part.train)) >= FEWEST]
    few = [str(part.label) for part in parts if part not in enough]
    notes = [f"Class by class, agreement is judged by {judge.name}."]
    if few:
        shown = ", ".join(few[:10]) + (f" and {len(few) - 10} more" if len(few) > 10 else "")
        notes.append(f"Left out class by class, with fewer than {FEWEST} held-out examples: {shown}.")
    wanted = MEASURED.get(train.kind, ("energy_distance",)) if of is None else of
    asked = chosen(wanted, held_out, features=True)
    offers = {name: offer for name, offer in asked.items() if name not in OF_THE_WHOLE}
    extractor = find_features(features, train)
    return tuple(_class_rows(model, part, judge, n, seed, offers, extractor) for part in enough), tuple(notes)


def _part(index: int, label: Label, held_out: Dataset, train: Dataset) -> Part:
    def of(data: Dataset) -> Dataset:
        assert data.y is not None
        return data.part((data.y == index).nonzero()[0])

    return Part(index, label, of(held_out), of(train))


def _class_rows(
    model: Sampler,
    part: Part,
    judge: Judge,
    n: int,
    seed: int,
    offers: Mapping[str, Offer],
    extractor: Extractor | None,
) -> ClassRows:
    count = min(n, len(part.train))
    asked = torch.full((count,), part.index)
    samples, _ = model.sample_model(count, y=asked, seed=seed)
    sets = Sets(samples, some(part.held_out, n, seed), some(part.train, count, seed))
    start = perf_counter()
    value = judge.agreement(sets.samples, asked)
    real = judge.agreement(sets.held_out, torch.full((len(sets.held_out),), part.index))
    against = "held-out data of the class"
    agreement = Row(AGREEMENT, value, real, "higher", against, perf_counter() - start)
    rows, _ = measured(offers, *seen(sets, part.held_out, part.train, seed, extractor))
    return ClassRows(part.label, (agreement, *rows))
