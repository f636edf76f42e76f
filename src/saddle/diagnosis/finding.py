"""What a rule finds: a verdict with the numbers behind it and what to change."""

from dataclasses import dataclass
from typing import Literal, get_args

Verdict = Literal[
    "numerical trouble",
    "memorizing",
    "critic too strong",
    "critic too weak",
    "oscillating",
    "collapsed",
    "collapsing",
    "under-trained",
    "converged",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

ABOUT: dict[Verdict, str] = {
    "numerical trouble": "numbers left every reasonable range",
    "memorizing": "samples are near copies of training examples",
    "critic too strong": "the critic leaves the generator nothing to learn from",
    "critic too weak": "the critic cannot tell, though samples are far from the data",
    "oscillating": "samples come and go, as where players chase each other",
    "collapsed": "samples reach a small part of the data",
    "collapsing": "samples reach ever less of the data",
    "under-trained": "it ended before samples reached the data, or before more could be told",
    "converged": "it came near the data, or as near as this model gets, and nothing is at fault",
}


@dataclass(frozen=True)
class Limit:
    """A curve that a finding rests on, for its picture.

    Attributes:
        curve: an attribute of `Evidence` that is a curve.
        value: what it is held against.
        meaning: of that number, in a few words.
    """

    curve: str
    value: float
    meaning: str


@dataclass(frozen=True)
class Finding:
    """A verdict and its grounds.

    Attributes:
        verdict: one of `VERDICTS`.
        evidence: sentences with the numbers behind it.
        advice: what to change, most promising first.
        limits: the curves it rests on.
    """

    verdict: Verdict
    evidence: tuple[str, ...]
    advice: tuple[str, ...]
    limits: tuple[Limit, ...] = ()
