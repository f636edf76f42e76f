"""Boxes that cover the line or the plane, small where samples say that the mass is."""

import math
from dataclasses import dataclass

import numpy as np

FAR = 2.0**-52
"""The inverse of how many units out an infinite box is looked at."""
LARGEST_GAP = 0.3
"""A gap of this share of a box's samples is an empty space between two clusters, and is cut in the middle."""
MARGIN = 4.0
"""A box is cut off this many times the extent of its samples beyond them, where it reaches further still."""


@dataclass(frozen=True)
class Boxes:
    """Disjoint boxes, and the length on which things change in each.

    Attributes:
        low: lower ends, shape (b, d); at most one end of each box on each axis is infinite.
        high: upper ends.
        unit: a length for each box and axis, for those that are infinite.
        anchor: a point outside each box, the logarithm of the distance from which runs evenly over it; NaN where
            places themselves do. None for all of them.
    """

    low: np.ndarray
    high: np.ndarray
    unit: np.ndarray
    anchor: np.ndarray | None = None

    def points(self, box: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points for points of the unit cube, both (n, d), and the volume each stands for, shape (n,).

        Where an end is infinite, u / (1 - u) units run from the other end.

        Args:
            box: which box each point is in, shape (n,).
            u: points in [0, 1], shape (n, d).
        """
        low, high, unit = self.low[box], self.high[box], self.unit[box]
        no_floor, no_ceiling = np.isinf(low), np.isinf(high)
        # Close to the far end u may round to one.
        left = np.maximum(1 - u, FAR)
        run, speed = unit * u / left, unit / np.square(left)
        width = np.where(no_floor | no_ceiling, 0.0, high - low)
        x = np.where(no_floor, high - run, np.where(no_ceiling, low + run, low + width * u))
        speed = np.where(no_floor | no_ceiling, speed, width)
        if self.anchor is not None:
            x, speed = _from_anchor(self.anchor[box], low, high, u, x, speed)
        return x, np.prod(speed, axis=1)


def _from_anchor(
    anchor: np.ndarray, low: np.ndarray, high: np.ndarray, u: np.ndarray, x: np.ndarray, speed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Points and speeds, replaced where a box has an anchor by those at even steps of the log distance from it."""
    even = np.isfinite(anchor)
    a, low, high, u = anchor[even], low[even], high[even], u[even]
    near, ratio = np.abs(low - a), np.log(np.abs(high - a) / np.abs(low - a))
    away = near * np.exp(u * ratio)
    x[even], speed[even] = a + np.where(high > a, away, -away), away * np.abs(ratio)
    return x, speed


def cover(samples: np.ndarray, cuts: list[list[float]], bounds: list[tuple[float, float]], leaf: int) -> Boxes:
    """Boxes that cover everything within the bounds.

    Args:
        samples: points of all laws at hand, shape (n, d).
        cuts: for each coordinate, where a density may jump.
        bounds: for each coordinate, the ends of all.
        leaf: samples in a box that is split no further.
    """
    extent = np.ptp(samples, axis=0)
    spread = np.where(extent > 0, extent, 1.0)
    parts = [(np.array([low for low, _ in bounds]), np.array([high for _, high in bounds]), samples)]
    for axis, places in enumerate(cuts):
        endless = [float(np.median(samples[:, axis]))] if bounds[axis] == (-math.inf, math.inf) else []
        for place in [*places, *endless]:
            parts = [piece for part in parts for piece in _cut(part, axis, place)]
    found = [box for part in parts for box in _split(*part, spread, leaf)]
    return Boxes(*(np.stack(ends) for ends in zip(*found, strict=True)))


def beyond(samples: np.ndarray, outermost: int) -> np.ndarray:
    """For each coordinate a place below and one above all that a law is likely to reach, shape (d, 2).

    They lie beyond its lowest and highest sample by `MARGIN` times the extent of the `outermost` samples there.
    """
    ordered = np.sort(samples, axis=0)
    below = ordered[0] - MARGIN * (ordered[outermost] - ordered[0])
    above = ordered[-1] + MARGIN * (ordered[-1] - ordered[-1 - outermost])
    return np.stack([below, above], axis=1)


Part = tuple[np.ndarray, np.ndarray, np.ndarray]


def _cut(part: Part, axis: int, place: float) -> list[Part]:
    low, high, samples = part
    if not low[axis] < place < high[axis]:
        return [part]
    below, above = high.copy(), low.copy()
    below[axis] = above[axis] = place
    left = samples[:, axis] <= place
    return [(low, below, samples[left]), (above, high, samples[~left])]


def _split(low: np.ndarray, high: np.ndarray, samples: np.ndarray, spread: np.ndarray, leaf: int) -> list[Part]:
    if len(samples) <= leaf or not np.ptp(samples, axis=0).any():
        return _trimmed(low, high, samples, spread)
    axis, place = _where(samples, spread, max(1, leaf // 8))
    halves = _cut((low, high, samples), axis, place)
    if len(halves) == 1 or min(len(half[2]) for half in halves) == 0:
        return _trimmed(low, high, samples, spread)
    return [box for half in halves for box in _split(*half, spread, leaf)]


def _where(samples: np.ndarray, spread: np.ndarray, few: int) -> tuple[int, float]:
    """The axis and the place of the next cut: the widest gap between clusters, else the median of the widest axis."""
    ordered = np.sort(samples, axis=0)
    gaps, extent = np.diff(ordered, axis=0), np.ptp(samples, axis=0)
    # Either side of a gap keeps enough samples to show its size.
    inner = gaps[few - 1 : len(gaps) - few + 1]
    share = inner.max(0) / np.where(extent > 0, extent, np.inf)
    axis = int(share.argmax())
    if share[axis] > LARGEST_GAP:
        i = int(inner[:, axis].argmax()) + few - 1
    else:
        axis, i = int((extent / spread).argmax()), len(samples) // 2 - 1
    return axis, float((ordered[i, axis] + ordered[i + 1, axis]) / 2)


def _trimmed(low: np.ndarray, high: np.ndarray, samples: np.ndarray, spread: np.ndarray) -> list[Part]:
    """A box, with the empty parts far from its samples as boxes of their own."""
    if len(samples) == 0:
        return [(low, high, spread)]
    extent = np.ptp(samples, axis=0)
    extent = np.where(extent > 0, extent, spread * 1e-3)
    boxes, part = [], (low, high, samples)
    for axis in range(len(low)):
        for side, end in ((-1, samples[:, axis].min()), (1, samples[:, axis].max())):
            reach = end + side * MARGIN * extent[axis]
            beyond = (part[0], part[1])[side > 0][axis]
            if math.isfinite(beyond) and side * (beyond - reach) > MARGIN * extent[axis]:
                left, right = _cut(part, axis, reach)
                empty, part = (left, right) if side < 0 else (right, left)
                boxes.append((empty[0], empty[1], extent))
    return [*boxes, (part[0], part[1], extent)]
