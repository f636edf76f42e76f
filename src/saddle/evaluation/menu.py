"""The measures of two sets that `saddle measure` and `saddle evaluate` offer, by name."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.data.layout import Kind
from saddle.evaluation.rows import Better
from saddle.evaluation.sets import Sets, some
from saddle.measures import (
    Estimate,
    classifier_two_sample,
    copying,
    density_coverage,
    energy_distance,
    frechet_distance,
    intrinsic_dimension,
    js_from_samples,
    kernel_distance,
    kl_from_samples,
    mmd,
    mode_coverage,
    parzen_log_likelihood,
    perfect_mode_coverage,
    precision_recall,
    sinkhorn_divergence,
    sliced_wasserstein,
    wasserstein,
)

AGAINST = "training data in place of the samples, at the same n"
PERFECT = "a perfect sampler at the same n"
COMPARED_NUMBERS = 50_000_000
COMPARED_ROWS = 10_000


class Pair(NamedTuple):
    """A number with its reference."""

    name: str
    better: Better
    value: Estimate
    reference: Estimate
    against: str = AGAINST


@dataclass(frozen=True)
class About:
    """What the sets were taken from.

    Attributes:
        held_out: the data that nothing was trained on.
        train: all that was trained on.
        plain: the sets in model units, where the measured ones are features.
        seed: of choices of examples.
        where: what the numbers are of, such as "of pixels"; empty for the examples as they are.
    """

    held_out: Dataset
    train: Dataset
    plain: Sets
    seed: int
    where: str = ""


Rows = Callable[[Sets, About], Iterable[Pair]]


@dataclass(frozen=True)
class Offer:
    """A measure on the menu.

    Attributes:
        about: what it says, in a few words.
        rows: measures the samples and, in their place, training data.
        kinds: the kinds of data for which it is measured without being asked for.
        of_features: whether it is so, too, wherever features are given.
    """

    about: str
    rows: Rows
    kinds: frozenset[Kind] = frozenset()
    of_features: bool = False


def single(title: str, measure: Callable[[Tensor, Tensor], Estimate], better: Better = "lower") -> Rows:
    """The rows of a measure with a single number."""

    def rows(sets: Sets, about: About) -> Iterable[Pair]:
        value, real = measure(sets.samples, sets.held_out), measure(sets.train, sets.held_out)
        yield Pair(title + about.where, better, value, real)

    return rows


def _precision_recall(sets: Sets, about: About) -> Iterable[Pair]:
    where = about.where or _default_where(about)
    made, real = precision_recall(sets.samples, sets.held_out), precision_recall(sets.train, sets.held_out)
    yield Pair(f"precision{where}", "higher", made.precision, real.precision)
    yield Pair(f"recall{where}", "higher", made.recall, real.recall)


def _density_coverage(sets: Sets, about: About) -> Iterable[Pair]:
    where = about.where or _default_where(about)
    # With many samples per held-out example nearly every ball holds one, and coverage no longer falls with variety.
    size = min(len(sets.samples), len(sets.held_out))
    order = Stream(about.seed).child("evaluation", "equal sizes").numpy().permutation(len(sets.train))[:size]
    made = density_coverage(sets.samples[:size], sets.held_out)
    real = density_coverage(sets.train[torch.from_numpy(order)], sets.held_out)
    yield Pair(f"density{where}", "near", made.density, real.density)
    yield Pair(f"coverage{where}", "higher", made.coverage, real.coverage)


def _default_where(about: About) -> str:
    return " of pixels" if about.held_out.kind == "images" else ""


def _frechet(sets: Sets, about: About) -> Iterable[Pair]:
    made, real = frechet_distance(sets.samples, sets.held_out), frechet_distance(sets.train, sets.held_out)
    yield Pair(f"Fréchet distance{about.where}", "lower", made.corrected, real.corrected)
    yield Pair(f"Fréchet distance{about.where}, raw", "lower", made.raw, real.raw)


def _modes(sets: Sets, about: About) -> Iterable[Pair]:
    law = about.held_out.density
    means, std = getattr(law, "means", None), getattr(law, "std", None)
    if means is None or std is None:
        raise InputError(f"mode_coverage needs data whose modes are known, such as ring; found {about.held_out.name}.")
    samples = np.asarray(about.held_out.own(about.plain.samples))
    found = mode_coverage(samples, np.asarray(means), float(std))
    perfect = perfect_mode_coverage(len(samples), len(means), np.shape(means)[1])
    yield Pair(f"modes found, of {len(means)}", "higher", found.modes, perfect.modes, PERFECT)
    yield Pair("high-quality samples", "near", found.high_quality, perfect.high_quality, PERFECT)
    yield Pair("reverse KL of modes", "lower", found.reverse_kl, perfect.reverse_kl, PERFECT)


def _copying(sets: Sets, about: About) -> Iterable[Pair]:
    train = about.train
    count = max(1, min(len(train), COMPARED_ROWS, COMPARED_NUMBERS // math.prod(train.model_shape)))
    found = copying(about.plain.samples, some(train, count, about.seed), about.plain.held_out)
    half = Estimate(0.5, 0.0, None, "by definition", len(sets.held_out), "held-out data against themselves")
    against = f"one half by definition; neighbors among {count:,} of {len(train):,} training examples"
    yield Pair("closer to training data than held-out data", "not above", found.closer, half, against)


def _classifier(sets: Sets, about: About) -> Iterable[Pair]:
    made, real = (classifier_two_sample(one, sets.held_out).accuracy for one in (sets.samples, sets.train))
    yield Pair(f"two-sample classifier accuracy{about.where}", "lower", made, real)


def _dimension(sets: Sets, about: About) -> Iterable[Pair]:
    title = f"intrinsic dimension{about.where}"
    yield Pair(title, "near", intrinsic_dimension(sets.samples), intrinsic_dimension(sets.train))


def _parzen(sets: Sets, about: About) -> Iterable[Pair]:
    """The width is chosen on one half of the held-out data, and the other half tested."""
    validation, test = sets.held_out[::2], sets.held_out[1::2]
    made, real = (parzen_log_likelihood(one, test, validation=validation) for one in (sets.samples, sets.train))
    against = f"{AGAINST}; k-means centroids of real data score higher still, so no model is judged by this alone"
    yield Pair(f"Parzen log-likelihood{about.where}", "unjudged", made.log_likelihood, real.log_likelihood, against)


_POINTS, _TABLE, _IMAGES = (frozenset[Kind]({kind}) for kind in ("points", "table", "images"))

_ALL = _POINTS | _TABLE | _IMAGES

MENU: dict[str, Offer] = {
    "energy_distance": Offer(
        "twice the mean distance across minus both within; zero only for equal laws, unbiased",
        single("energy distance", energy_distance),
        _ALL,
        of_features=True,
    ),
    "wasserstein": Offer(
        "the earth mover's distance, exact between the examples", single("Wasserstein distance", wasserstein), _POINTS
    ),
    "sliced_wasserstein": Offer(
        "the earth mover's distance along random lines, averaged",
        single("sliced Wasserstein distance", sliced_wasserstein),
        _POINTS | _TABLE,
    ),
    "sinkhorn_divergence": Offer(
        "the earth mover's distance with an entropic penalty, debiased",
        single("Sinkhorn divergence", sinkhorn_divergence),
    ),
    "mmd": Offer("squared maximum mean discrepancy with a Gaussian kernel, unbiased", single("squared MMD", mmd)),
    "kernel_distance": Offer(
        "squared maximum mean discrepancy with a cubic kernel (KID), unbiased",
        single("kernel distance", kernel_distance),
        of_features=True,
    ),
    "frechet_distance": Offer(
        "squared distance between the fitted normals (FID), with its bias removed and raw", _frechet, of_features=True
    ),
    "precision_recall": Offer(
        "shares of examples that lie where the others do, both ways", _precision_recall, _IMAGES, of_features=True
    ),
    "density_coverage": Offer(
        "how densely, and how much of, the data is covered", _density_coverage, _IMAGES, of_features=True
    ),
    "js_from_samples": Offer(
        "the Jensen-Shannon divergence by nearest neighbors", single("JSD from samples", js_from_samples), _POINTS
    ),
    "kl_from_samples": Offer(
        "the Kullback-Leibler divergence by nearest neighbors",
        single("KL(samples ‖ data)", kl_from_samples, "unjudged"),
    ),
    "classifier_two_sample": Offer(
        "how well a nearest-neighbor classifier tells the two apart; one half is chance", _classifier, _TABLE
    ),
    "parzen_log_likelihood": Offer(
        "the 2014 likelihood of the data under Gaussians around the samples; unreliable", _parzen
    ),
    "intrinsic_dimension": Offer("how many dimensions the examples spread in, nearby", _dimension),
    "mode_coverage": Offer("modes found, share of high quality and reverse KL, where the modes are known", _modes),
    "copying": Offer("whether samples lie closer to the training data than unseen data do", _copying, _ALL),
}
