"""The data of planted runs, each with fresh examples of the same law that no run ever sees."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import saddle
from saddle.data.gaussians import Normal

EXAMPLES = 3000
FRESH = 1000


@dataclass(frozen=True)
class Source:
    """Data for a run, and what it may be judged by.

    Attributes:
        data: what the run is given.
        fresh: examples of the same law that it is not given, in model units, shape (n, d).
        centers: of the law's modes in model units, shape (k, d); None where it has none to count.
    """

    data: saddle.Dataset
    fresh: Tensor
    centers: Tensor | None


def of_law(name: str) -> Callable[[int, int], Source]:
    """A built-in law: `n` examples for the run, and 1,000 others."""

    def source(n: int, seed: int) -> Source:
        whole = saddle.open(name, n=n + FRESH, seed=seed)
        means = getattr(whole.density, "means", None)
        centers = None if means is None else whole.transform.encode(np.asarray(means)).float()
        return _parted(whole, n, np.arange(n + FRESH), centers)

    return source


def of_normal(n: int, seed: int) -> Source:
    """The standard normal law in 16 dimensions."""
    whole = saddle.open(Normal(16), n=n + FRESH, seed=seed)
    return _parted(whole, n, np.arange(n + FRESH), None)


def of_pictures(n: int, seed: int) -> Source:
    """Handwritten digits of 8x8 pixels, without their labels."""
    whole = saddle.open("digits", labels=False)
    return _parted(whole, min(n, len(whole) - 400), np.random.default_rng(seed).permutation(len(whole)), None)


def of_table(n: int, seed: int) -> Source:
    """Ten measurements of 569 tumors, a table of scikit-learn."""
    from sklearn.datasets import load_breast_cancer

    whole = saddle.open(load_breast_cancer(as_frame=True).data.iloc[:, :10])
    return _parted(whole, min(n, len(whole) - 150), np.random.default_rng(seed).permutation(len(whole)), None)


def _parted(whole: saddle.Dataset, n: int, order: np.ndarray, centers: Tensor | None) -> Source:
    fresh = whole.batch(torch.from_numpy(order[n : n + FRESH])).flatten(1)
    return Source(whole.part(np.sort(order[:n])), fresh, centers)


SOURCES: dict[str, Callable[[int, int], Source]] = {
    **{name: of_law(name) for name in ("ring", "grid", "swiss-roll", "gaussian", "sphere")},
    "gaussian-16": of_normal,
    "digits": of_pictures,
    "table": of_table,
}
