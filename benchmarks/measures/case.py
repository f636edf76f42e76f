"""What the tables of this folder are made of: numbers with their truth, and laws whose distances are known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saddle.measures import Estimate

DISCRETE, QUADRATURE, TRANSPORT = 1e-12, 1e-9, 1e-9
"""Relative errors that are allowed for sums over probabilities, for integrals, and between point clouds."""


@dataclass(frozen=True)
class Case:
    """One number that is known exactly, or that an independent library computes.

    Attributes:
        measure: the public name.
        of: what it is computed of, in a few words.
        found: computes it with saddle.
        truth: computes it otherwise.
        source: how the truth is known, such as "mpmath, 50 digits".
        tolerance: the largest relative error allowed; the absolute one where the truth is zero.
    """

    measure: str
    of: str
    found: Callable[[], float]
    truth: Callable[[], Any]
    source: str
    tolerance: float


@dataclass(frozen=True)
class SampleCase:
    """A law, or two, of which the answer is known, and an estimate from samples of it.

    Attributes:
        measure: the public name.
        of: the laws and the number of samples, in a few words.
        estimate: draws samples by a seed and measures them.
        truth: computes the answer.
        source: how the truth is known.
        bias: the expected difference between the estimate's value and the truth at this n, where theory or the
            documentation states one.
        interval: whether the interval must cover the truth in 93 to 97 % of repeats; where not, `note` says why.
        note: what is known about a bias.
    """

    measure: str
    of: str
    estimate: Callable[[int], Estimate]
    truth: Callable[[], float]
    source: str
    bias: float = 0.0
    interval: bool = True
    note: str = ""
