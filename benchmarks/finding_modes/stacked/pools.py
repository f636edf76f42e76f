"""The handwritten digits that pictures are stacked from."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import saddle

LEAST_MNIST, LEAST_DIGITS = 0.994, 0.98


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
    if "SADDLE_DATA" not in os.environ:
        sys.exit("SADDLE_DATA must name the folder that holds mnist/; it is not set.")
    folder = Path(os.environ["SADDLE_DATA"]) / "mnist"
    train, test = saddle.open(folder), saddle.open(folder, split="test")
    return Pool("MNIST's 60,000 training pictures, 28x28", train, test, LEAST_MNIST, epochs=8)


@cache
def digits() -> Pool:
    """1,297 of scikit-learn's 1,797 digits of 8x8; the other 500 are held out."""
    whole = saddle.open("digits")
    order = np.random.default_rng(0).permutation(len(whole))
    train, held_out = (whole.part(np.sort(rows)) for rows in np.split(order, [1_297]))
    return Pool("1,297 of scikit-learn's 1,797 digits, 8x8", train, held_out, LEAST_DIGITS)
