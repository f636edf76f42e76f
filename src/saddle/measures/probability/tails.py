"""Ends of the line in geometric shells: far out, and toward zero, where a density may fall or rise by a power law.

A shell reaches e^10 times as far as the one before. Of a power law each adds a fixed ratio of what the one before it
added, so that the last of them tell what lies beyond, and whether it is finite.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from saddle.measures.probability.boxes import Boxes

NATS = 10.0
"""How much farther each shell reaches, in natural logarithms."""
FARTHEST, NEAREST = 1e150, 1e-290
"""Where the last shells end: the square of the one and the inverse of the other are still numbers."""
FADED = -690.0
"""The log density below which a law is about to underflow."""
NO_DECAY = 0.99
"""The ratio of neighboring shells from which their sum is not taken to be finite."""
NEGLIGIBLE = 1e-10
"""The share of an integral that may be left beyond the shells without a word."""
RISE = 1e-4
"""By how much that ratio may grow from shell to shell before the decay is taken to be slower than a power law's."""

Readable = Callable[[np.ndarray], bool]
LogDensity = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Tail:
    """The shells toward one end of the line.

    Attributes:
        shells: their places among the boxes, in the direction of the end.
        ends: the point where each of them ends.
    """

    shells: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class Beyond:
    """What lies beyond the shells of all ends.

    Attributes:
        value: what to add to the integral.
        error: how far off that may be; infinite where it does not die out.
    """

    value: float
    error: float


def in_shells(boxes: Boxes, zeros: bool, readable: Readable) -> tuple[Boxes, list[Tail]]:
    """The same part of the line, with its infinite ends, and those at zero, laid out in shells.

    Args:
        boxes: of one dimension.
        zeros: whether a support ends at zero.
        readable: whether the log densities at points are numbers; the shells stop short of where they are not.
    """
    rows: list[tuple[float, float, float, float]] = []
    tails: list[Tail] = []
    columns = (boxes.low[:, 0], boxes.high[:, 0], boxes.unit[:, 0])
    for low, high, unit in zip(*(column.tolist() for column in columns), strict=True):
        anchor, places = _places(low, high, unit, zeros)
        places = places[: _readable(places, readable)]
        if len(places) < 2:
            rows.append((low, high, unit, math.nan))
            continue
        if math.isinf(low) or math.isinf(high):
            rows.append((min(anchor, places[0]), max(anchor, places[0]), unit, math.nan))
        tails.append(Tail(np.arange(len(rows), len(rows) + len(places) - 1), np.array(places[1:])))
        pairs = itertools.pairwise(places)
        rows.extend((min(pair), max(pair), unit, anchor) for pair in pairs)
    table = np.array(rows)
    return replace(boxes, low=table[:, :1], high=table[:, 1:2], unit=table[:, 2:3], anchor=table[:, 3:]), tails


def _places(low: float, high: float, unit: float, zeros: bool) -> tuple[float, list[float]]:
    """The point from which distances are taken, and where the shells start and end; none for an inner box."""
    if math.isinf(low) or math.isinf(high):
        anchor, side = (low, 1.0) if math.isinf(high) else (high, -1.0)
        count = max(0, math.ceil(math.log(FARTHEST / unit) / NATS))
        return anchor, [anchor + side * unit * math.exp(NATS * i) for i in range(count + 1)]
    if zeros and 0.0 in (low, high):
        start = low + high
        count = max(0, math.ceil(math.log(abs(start) / NEAREST) / NATS))
        return 0.0, [start * math.exp(-NATS * i) for i in range(count + 1)]
    return 0.0, []


def _readable(places: list[float], readable: Readable) -> int:
    """How many of the places, from the first on, can be read."""
    if not places or readable(np.array(places)[:, None]):
        return len(places)
    return next(i for i, place in enumerate(places) if not readable(np.array([[place]])))


def beyond(tails: list[Tail], amounts: np.ndarray, total: float, logs: list[LogDensity]) -> Beyond:
    """What lies beyond the shells.

    Args:
        tails: the ends.
        amounts: what each box holds, shape (b,).
        total: the integral without it.
        logs: the log density of each law.
    """
    value = error = 0.0
    for tail in tails:
        held = amounts[tail.shells]
        last = _last_alive([log(tail.ends[:, None]) for log in logs])
        if last < 1:
            continue
        rest, ratio = _rest(held, last)
        further = float(held[last + 1 :].sum())
        if abs(held[last]) == 0 or abs(rest - further) <= NEGLIGIBLE * abs(total):
            continue
        slower = last > 1 and ratio > abs(held[last - 1] / held[last - 2]) + RISE if held[last - 2] != 0 else False
        if ratio >= NO_DECAY or slower:
            # A decay slower than a power law's may still end.
            return Beyond(math.copysign(math.inf, held[last]) if ratio >= NO_DECAY else value, math.inf)
        value, error = value + rest - further, error + abs(rest - further)
    return Beyond(value, error)


def _rest(held: np.ndarray, last: int) -> tuple[float, float]:
    """The sum beyond the shell `last`, as if geometric, and its ratio."""
    ratio = abs(float(held[last] / held[last - 1])) if held[last - 1] != 0 else math.inf
    return (float(held[last]) * ratio / (1 - ratio) if ratio < 1 else math.inf), ratio


def _last_alive(logs: list[np.ndarray]) -> int:
    """The last shell at whose end no law has underflowed that falls by a power law at all; -1 where none does."""
    heavy = [log for log in logs if len(log) > 1 and log[1] > FADED]
    if not heavy:
        return -1
    alive = np.logical_and.accumulate(np.all([log > FADED for log in heavy], axis=0))
    return int(alive.sum()) - 1
