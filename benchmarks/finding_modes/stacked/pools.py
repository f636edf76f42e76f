"""The handwritten digits that pictures are stacked from."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import saddle

LEAST_MNIST, LEAST_SMALL, LEAST_DIGITS = 0.994, 0.99, 0.98


@dataclass(frozen=True, eq=False)
class Pool:
    """Grey pictures of digits with their labels, in two parts.

    Attributes:
        about: what they are, in a sentence.
        train: what stacks are drawn from and the classifier learns.
        held_out: what neither sees.
        least: the accuracy on `held_out` below which a classifier is not believed.
        epochs: of its training; None for the library's own.
    """

    about: str
    train: "saddle.Dataset"
    held_out: "saddle.Dataset"
    least: float
    epochs: int | None = None

    @property
    def frequencies(self) -> np.ndarray:
        """The share of each digit among those that stacks are drawn from, shape (10,)."""
        assert self.train.y is not None
        return np.bincount(self.train.y, minlength=10) / len(self.train)


@cache
def mnist() -> Pool:
    """MNIST's 60,000 training pictures of 28x28, as DDGAN stacks them (PacGAN stacks all 70,000)."""
    train, test = _publishers_parts()
    return Pool("MNIST's 60,000 training pictures, 28x28", train, test, LEAST_MNIST, epochs=8)


@cache
def mnist_14() -> Pool:
    """The same at half the height and width: each pixel the mean of four."""
    train, test = (_halved(part) for part in _publishers_parts())
    return Pool("MNIST's 60,000 training pictures, averaged to 14x14", train, test, LEAST_SMALL, epochs=8)


@cache
def digits() -> Pool:
    """1,297 of scikit-learn's 1,797 digits of 8x8; the other 500 are held out."""
    whole = saddle.open("digits")
    train, held_out = (whole.part(np.sort(rows)) for rows in np.split(_order(len(whole)), [1_297]))
    return Pool("1,297 of scikit-learn's 1,797 digits, 8x8", train, held_out, LEAST_DIGITS)


def _order(count: int) -> np.ndarray:
    return np.random.default_rng(0).permutation(count)


def _publishers_parts() -> tuple["saddle.Dataset", "saddle.Dataset"]:
    if "SADDLE_DATA" not in os.environ:
        sys.exit("SADDLE_DATA must name the folder that holds mnist/; it is not set.")
    folder = Path(os.environ["SADDLE_DATA"]) / "mnist"
    return saddle.open(folder), saddle.open(folder, split="test")


def _halved(data: "saddle.Dataset") -> "saddle.Dataset":
    means = data.x.reshape(len(data), 14, 2, 14, 2).mean((2, 4))
    return saddle.open(np.rint(means).astype(np.uint8), y=data.y, name="mnist-14")
