"""Adaptive Gauss-Kronrod quadrature of several functions at once over many boxes of one or two dimensions.

Each round bisects the boxes that hold most of the error, all in one evaluation, along the axis that holds most of
theirs. Against scipy.integrate.cubature, which evaluates one box at a time, twice, and splits it along every axis.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from saddle.measures.probability.boxes import Boxes

NODES = np.array([
    0.9956571630258081, 0.9739065285171717, 0.9301574913557082, 0.8650633666889845, 0.7808177265864169,
    0.6794095682990244, 0.5627571346686047, 0.4333953941292472, 0.2943928627014602, 0.14887433898163122,
])  # fmt: skip
KRONROD = np.array([
    0.011694638867371874, 0.032558162307964725, 0.054755896574351995, 0.07503967481091996, 0.0931254545836976,
    0.10938715880229764, 0.12349197626206584, 0.13470921731147334, 0.14277593857706009, 0.14773910490133849,
])  # fmt: skip
KRONROD_CENTER = 0.1494455540029169
GAUSS = np.array([0.06667134430868814, 0.1494513491505804, 0.219086362515982, 0.2692667193099965, 0.2955242247147528])
"""The 21-point rule of QUADPACK on [-1, 1] and the weights of the 10-point rule inside it, half of each."""

BATCH = 100_000
"""Points evaluated at once."""
NARROWEST = 2.0**-50
"""Width, as a share of the first box, below which none is bisected."""
REFINED = 2.0**-8
"""The width of a part at an infinite end that a light tail would not need."""

Functions = Callable[[np.ndarray], np.ndarray]
"""Maps points (n, d) to the values of k functions, shape (n, k)."""


@dataclass(frozen=True)
class Cubature:
    """Integrals of k functions.

    Attributes:
        value: shape (k,).
        error: a bound: the sum over boxes of the differences between the two rules, shape (k,).
        n: points evaluated.
        converged: whether every error is as small as was asked.
        amounts: what each of the boxes holds, shape (b, k).
        far: what the errors and values of refined parts that touch an infinite end come to, shape (k,).
    """

    value: np.ndarray
    error: np.ndarray
    n: int
    converged: bool
    amounts: np.ndarray
    far: np.ndarray


@dataclass(frozen=True)
class _Parts:
    """Parts of boxes: which box, their ends within it in [0, 1], and what the rule makes of them."""

    box: np.ndarray
    low: np.ndarray
    high: np.ndarray
    value: np.ndarray
    error: np.ndarray
    axis: np.ndarray

    def kept(self, chosen: np.ndarray) -> "_Parts":
        return _Parts(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def joined(self, other: "_Parts") -> "_Parts":
        names = self.__dataclass_fields__
        return _Parts(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


def cubature(functions: Functions, boxes: Boxes, relative: np.ndarray, budget: int) -> Cubature:
    """Integrals over all boxes.

    Args:
        functions: what to integrate.
        boxes: disjoint; their ends may be infinite.
        relative: the errors asked for, relative to each function's integral, shape (k,).
        budget: how many points may be evaluated before it stops refining.
    """
    count, dimension = boxes.low.shape
    zeros, ones = np.zeros((count, dimension)), np.ones((count, dimension))
    parts = _measured(functions, boxes, np.arange(count), zeros, ones)
    points = len(_rule(dimension)[0])
    n = count * points
    while True:
        value, error = parts.value.sum(0), parts.error.sum(0)
        # Where positive and negative parts cancel, rounding sets the floor.
        allowed = np.maximum(relative * np.abs(value), 1e-13 * np.abs(parts.value).sum(0))
        if bool((error <= allowed).all()) or n > budget:
            break
        chosen = _worst(parts, np.where(allowed > 0, allowed, np.inf))
        if not chosen.any():
            break
        halves = _bisected(functions, boxes, parts.kept(chosen))
        parts = parts.kept(~chosen).joined(halves)
        n += len(halves.box) * points
    amounts = np.zeros((count, len(value)))
    np.add.at(amounts, parts.box, parts.value)
    return Cubature(value, error, n, bool((error <= allowed).all()), amounts, _far(parts, boxes))


def _far(parts: _Parts, boxes: Boxes) -> np.ndarray:
    """What is held, and missed, by parts at an infinite end that were bisected often and still are not smooth."""
    endless = np.isinf(boxes.low[parts.box]) | np.isinf(boxes.high[parts.box])
    touch = (endless & (parts.high == 1) & (parts.high - parts.low <= REFINED)).any(1)
    return (np.abs(parts.value) + parts.error)[touch].sum(0)


def _worst(parts: _Parts, allowed: np.ndarray) -> np.ndarray:
    """The parts without which the error would be half of what is allowed; none that is too narrow."""
    share = (parts.error / allowed).max(1)
    width = np.take_along_axis(parts.high - parts.low, parts.axis[:, None], 1)[:, 0]
    share = np.where(width > NARROWEST, share, 0.0)
    order = np.argsort(share)
    chosen = np.zeros(len(share), dtype=bool)
    chosen[order] = np.cumsum(share[order]) > 0.5
    return chosen


def _bisected(functions: Functions, boxes: Boxes, parts: _Parts) -> _Parts:
    rows = np.arange(len(parts.box))
    middle = (parts.low[rows, parts.axis] + parts.high[rows, parts.axis]) / 2
    below, above = parts.high.copy(), parts.low.copy()
    below[rows, parts.axis] = above[rows, parts.axis] = middle
    low, high = np.concatenate([parts.low, above]), np.concatenate([below, parts.high])
    halves = _measured(functions, boxes, np.concatenate([parts.box, parts.box]), low, high)
    # At a kink both rules may agree by accident. What bisecting changed says how wrong the whole was, and at a kink
    # a half is wrong by a quarter of that.
    changed = np.abs(parts.value - halves.value[: len(rows)] - halves.value[len(rows) :]) / 4
    return replace(halves, error=np.maximum(halves.error, np.concatenate([changed, changed])))


def _measured(functions: Functions, boxes: Boxes, box: np.ndarray, low: np.ndarray, high: np.ndarray) -> _Parts:
    nodes, weights, gaps = _rule(low.shape[1])
    values, errors = [], []
    step = max(1, BATCH // len(nodes))
    for start in range(0, len(box), step):
        here = slice(start, start + step)
        a, b = low[here, None, :], high[here, None, :]
        u = a + (b - a) * nodes
        x, volume = boxes.points(np.repeat(box[here], len(nodes)), u.reshape(-1, low.shape[1]))
        found = functions(x) * volume[:, None]
        found = found.reshape(*u.shape[:2], -1) * np.prod(b - a, axis=-1, keepdims=True)
        values.append(np.einsum("n,bnk->bk", weights, found))
        errors.append(np.abs(np.einsum("an,bnk->bak", gaps, found)))
    error = np.concatenate(errors)
    size = np.abs(np.concatenate(values)).sum(0)
    axis = (error / np.where(size > 0, size, 1.0)).max(2).argmax(1)
    return _Parts(box, low, high, np.concatenate(values), error.sum(1), axis)


def _rule(dimension: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes in the unit cube (m, d), weights (m,), and for each axis the weights less those of the lower rule there."""
    nodes = (np.concatenate([-NODES, [0.0], NODES[::-1]]) + 1) / 2
    high = np.concatenate([KRONROD, [KRONROD_CENTER], KRONROD[::-1]]) / 2
    low = np.zeros(21)
    low[1:10:2] = GAUSS / 2
    low[11:20:2] = GAUSS[::-1] / 2
    if dimension == 1:
        return nodes[:, None], high, (high - low)[None]
    grid = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), -1).reshape(-1, 2)
    gaps = np.stack([np.outer(high - low, high), np.outer(high, high - low)])
    return grid, np.outer(high, high).reshape(-1), gaps.reshape(2, -1)
