"""Measuring a trained model: which measures, on how many samples, beside which references."""

import math
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.evaluation.rows import Better, Evaluation, Row
from saddle.measures import (
    Estimate,
    copying,
    density_coverage,
    energy_distance,
    mode_coverage,
    perfect_mode_coverage,
    precision_recall,
    sliced_wasserstein,
)

DISTANCE = "energy distance"
AGAINST = "training data in place of the samples, at the same n"
PERFECT = "a perfect sampler at the same n"
COMPARED_NUMBERS = 50_000_000
COMPARED_ROWS = 10_000

Features = Callable[[Tensor], Tensor]


class Sampler(Protocol):
    """A trained model, as far as measuring it needs one."""

    def sample_model(self, n: int, *, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        """Samples in model units, shape (n, ...), and class indices or None."""
        ...


class Sets(NamedTuple):
    """What the measures compare, in model units.

    Attributes:
        samples: from the model.
        held_out: data that it never saw.
        train: at most as many training examples as samples, to stand in for them.
    """

    samples: Tensor
    held_out: Tensor
    train: Tensor


class Pair(NamedTuple):
    """A number with its reference."""

    name: str
    better: Better
    value: Estimate
    reference: Estimate
    against: str = AGAINST


def compare(
    model: Sampler, held_out: Dataset, train: Dataset, *, n: int = 1000, seed: int = 0, features: Features | None = None
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
        features: for pictures, a function of examples in model units in whose output precision, recall, density and
            coverage look for neighbors; pixels where None.

    Raises:
        InputError: when `n` is below 10 or the samples do not have the form of the data.
    """
    if n < 10:
        raise InputError(f"n must be at least 10; found {n}.")
    samples, _ = model.sample_model(n, seed=seed)
    shapes = (tuple(samples.shape[1:]), held_out.model_shape, train.model_shape)
    if len(set(shapes)) > 1:
        raise InputError(f"samples, held_out and train must be alike in shape; found {shapes}, all in model units.")
    equal = min(n, len(train))
    sets = Sets(samples[:equal], some(held_out, n, seed), some(train, equal, seed))
    notes = [] if equal == n else [f"{equal} of {n} samples are measured, as many as there are training examples."]
    rows: list[Row] = []
    for measure in _measures(sets, samples, held_out, train, seed, features):
        start = perf_counter()
        try:
            pairs = list(measure())
        except InputError as error:
            notes.append(f"Left out: {error}")
            continue
        seconds = (perf_counter() - start) / max(1, len(pairs))
        rows += [Row(p.name, p.value, p.reference, p.better, p.against, seconds) for p in pairs]
    return Evaluation(tuple(rows), n, seed, tuple(notes))


def untrained_rows(history: Iterable[Mapping[str, Any]], member: int = 0) -> dict[str, Estimate]:
    """What the untrained generator scored, by row name, from the history's row of round 0; empty where it has none."""
    for row in history:
        if row.get("round") == 0 and row.get("member", 0) == member and row.get(DISTANCE) is not None:
            error = row.get(f"{DISTANCE} error")
            return {DISTANCE: Estimate(row[DISTANCE], error, None, "unbiased U-statistic, at round 0", 0)}
    return {}


def some(data: Dataset, count: int, seed: int) -> Tensor:
    """At most `count` examples of the data in model units, chosen by the seed."""
    order = Stream(seed).child("evaluation", "examples").numpy().permutation(len(data))[:count]
    return data.batch(torch.from_numpy(np.sort(order)))


Measure = Callable[[], Iterable[Pair]]


def _measures(
    sets: Sets, samples: Tensor, held_out: Dataset, train: Dataset, seed: int, features: Features | None
) -> list[Measure]:
    """The measures that fit this kind of data."""
    measures: list[Measure] = [lambda: [_both(DISTANCE, "lower", energy_distance, sets)]]
    if held_out.kind in ("points", "table"):
        measures.append(lambda: [_both("sliced Wasserstein distance", "lower", sliced_wasserstein, sets)])
    else:
        measures.append(lambda: _neighborhoods(sets, seed, features))
    means, std = getattr(held_out.density, "means", None), getattr(held_out.density, "std", None)
    if means is not None and std is not None:
        measures.append(lambda: _modes(np.asarray(held_out.own(samples)), np.asarray(means), float(std)))
    measures.append(lambda: [_copying(sets, train, seed)])
    return measures


def _both(name: str, better: Better, measure: Callable[[Tensor, Tensor], Estimate], sets: Sets) -> Pair:
    return Pair(name, better, measure(sets.samples, sets.held_out), measure(sets.train, sets.held_out))


def _neighborhoods(sets: Sets, seed: int, features: Features | None) -> Iterable[Pair]:
    where = "of pixels" if features is None else "of features"
    samples, held_out, train = sets if features is None else (features(one) for one in sets)
    # With many samples per held-out example nearly every ball holds one, and coverage no longer falls with variety.
    size = min(len(samples), len(held_out))
    mixed = torch.from_numpy(Stream(seed).child("evaluation", "equal sizes").numpy().permutation(len(train))[:size])
    for measure, made_from, real_from in (
        (precision_recall, samples, train),
        (density_coverage, samples[:size], train[mixed]),
    ):
        made, real = measure(made_from, held_out)._asdict(), measure(real_from, held_out)._asdict()
        for name, value in made.items():
            better: Better = "near" if name == "density" else "higher"
            yield Pair(f"{name} {where}", better, value, real[name])


def _modes(samples: np.ndarray, means: np.ndarray, std: float) -> Iterable[Pair]:
    found = mode_coverage(samples, means, std)
    perfect = perfect_mode_coverage(len(samples), len(means), means.shape[1])
    yield Pair(f"modes found, of {len(means)}", "higher", found.modes, perfect.modes, PERFECT)
    yield Pair("high-quality samples", "near", found.high_quality, perfect.high_quality, PERFECT)
    yield Pair("reverse KL of modes", "lower", found.reverse_kl, perfect.reverse_kl, PERFECT)


def _copying(sets: Sets, train: Dataset, seed: int) -> Pair:
    numbers = math.prod(train.model_shape)
    count = max(1, min(len(train), COMPARED_ROWS, COMPARED_NUMBERS // numbers))
    found = copying(sets.samples, some(train, count, seed), sets.held_out)
    half = Estimate(0.5, 0.0, None, "by definition", len(sets.held_out), "held-out data against themselves")
    against = f"one half by definition; neighbors among {count:,} of {len(train):,} training examples"
    return Pair("closer to training data than held-out data", "not above", found.closer, half, against)
