"""Measuring a trained model: which measures, on how many samples, beside which references."""

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any

from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.evaluation.choice import Wanted, chosen
from saddle.evaluation.features import Extractor, Features, find_features
from saddle.evaluation.menu import About, Offer
from saddle.evaluation.remembered import content_key, remembered
from saddle.evaluation.rows import Evaluation, Row
from saddle.evaluation.sets import Sampler, Sets, some
from saddle.measures import Estimate

DISTANCE = "energy distance"
UNITS = {
    "images": "Distances are between pixels from -1 to 1.",
    "table": "Distances are between normal scores, column by column.",
    "points": "Distances are in model units: centered, and divided by one scale.",
}
"""What distances are measured in, by the kind of data; other units give other numbers."""


def compare(
    model: Sampler,
    held_out: Dataset,
    train: Dataset,
    *,
    n: int = 1000,
    seed: int = 0,
    features: str | Features | None = None,
    of: Wanted = None,
) -> Evaluation:
    """Measure a model's samples against held-out data, each number beside the same number for real data.

    Distances are in model units: points by one scale, table columns as normal scores, pixels from -1 to 1. The
    reference puts training data in the samples' place at the same n, so that bias and noise are alike in both.
    Density and coverage are of as many samples as there are held-out examples.

    Args:
        model: anything with `sample_model`.
        held_out: data that the model was not trained on; at most n of them are used.
        train: what it was trained on.
        n: samples to draw, at least 10; cut down to the number of training examples where these are fewer.
        seed: of the samples and of which examples are used.
        features: in what to compare instead of model units; see `find_features`.
        of: names of measures from the menu; by default those that suit the kind of data.

    Raises:
        InputError: when `n` is below 10, a name is unknown, or the samples do not have the form of the data.
    """
    if n < 10:
        raise InputError(f"n must be at least 10; found {n}.")
    offers = chosen(of, held_out, features=features is not None and features != "pixels")
    samples, _ = model.sample_model(n, seed=seed)
    shapes = (tuple(samples.shape[1:]), held_out.model_shape, train.model_shape)
    if len(set(shapes)) > 1:
        raise InputError(f"samples, held_out and train must be alike in shape; found {shapes}, all in model units.")
    extractor = find_features(features, train)
    equal = min(n, len(train))
    plain = Sets(samples[:equal], some(held_out, n, seed), some(train, equal, seed))
    notes = [] if equal == n else [f"{equal} of {n} samples are measured, as many as there are training examples."]
    if extractor is not None and extractor.note:
        notes.append(extractor.note)
    sets, about = seen(plain, held_out, train, seed, extractor)
    rows, left_out = measured(offers, sets, about, strict=of is not None)
    units = () if extractor is not None else (UNITS[held_out.kind],)
    return Evaluation(rows, n, seed, (*notes, *units, *left_out))


def measured(
    offers: Mapping[str, Offer], sets: Sets, about: About, *, strict: bool = False
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of some measures, and a note for each that these sets do not allow.

    Args:
        offers: the measures.
        sets: what they compare.
        about: where the sets come from.
        strict: raise instead of noting, as for measures that were asked for by name.

    Raises:
        InputError: when `strict` and a measure does not allow these sets.
    """
    rows: list[Row] = []
    notes: list[str] = []
    for offer in offers.values():
        start = perf_counter()
        try:
            pairs = list(offer.rows(sets, about))
        except InputError as error:
            if strict and len(offers) == 1:
                raise
            notes.append(f"Left out: {error}")
            continue
        seconds = (perf_counter() - start) / max(1, len(pairs))
        rows += [Row(p.name, p.value, p.reference, p.better, p.against, seconds) for p in pairs]
    return tuple(rows), tuple(notes)


def untrained_rows(history: Iterable[Mapping[str, Any]], member: int = 0) -> dict[str, Estimate]:
    """What the untrained generator scored, by row name, from the history's row of round 0; empty where it has none."""
    for row in history:
        if row.get("round") == 0 and row.get("member", 0) == member and row.get(DISTANCE) is not None:
            error = row.get(f"{DISTANCE} error")
            return {DISTANCE: Estimate(row[DISTANCE], error, None, "unbiased U-statistic, at round 0", 0)}
    return {}


def seen(plain: Sets, held_out: Dataset, train: Dataset, seed: int, extractor: Extractor | None) -> tuple[Sets, About]:
    """The sets as features where these are wanted; those of real data are kept on disk for the next time."""
    if extractor is None:
        return plain, About(held_out, train, plain, seed)

    def of_data(data: Dataset, x: Tensor) -> Tensor:
        if extractor.identity is None:
            return extractor(x)
        key = ("features", extractor.identity, *content_key(data), str(len(x)), str(seed))
        return remembered(key, lambda: {"features": extractor(x)})["features"]

    sets = Sets(extractor(plain.samples), of_data(held_out, plain.held_out), of_data(train, plain.train))
    return sets, About(held_out, train, plain, seed, f" of {extractor.name}")
