"""Optimal transport between finitely many points as two linear programs: the cheapest plan, and the best prices."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, eye_array, kron, vstack


class Plan(NamedTuple):
    """How mass moves.

    Attributes:
        cost: the mean distance it is carried.
        moved: from each of n points to each of m, shape (n, m).
    """

    cost: float
    moved: np.ndarray


class Prices(NamedTuple):
    """A function on points.

    Attributes:
        gap: its mean over the first law less that over the second.
        values: on the n points of the first and the m of the second, shape (n + m,).
    """

    gap: float
    values: np.ndarray


def distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Between all rows of both, shape (n, m)."""
    return np.linalg.norm(x[:, None] - y, axis=2)


def cheapest_plan(x: np.ndarray, y: np.ndarray) -> Plan:
    """The primal: the least mean distance over all ways to carry equal masses at x (n, d) to equal ones at y (m, d)."""
    n, m = len(x), len(y)
    leaving = kron(eye_array(n), np.ones((1, m)))
    arriving = kron(np.ones((1, n)), eye_array(m))
    masses = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
    found = linprog(distances(x, y).ravel(), A_eq=vstack([leaving, arriving]), b_eq=masses)
    return Plan(float(found.fun), found.x.reshape(n, m))


def best_prices(x: np.ndarray, y: np.ndarray, steepest: float = 1.0) -> Prices:
    """The dual: the greatest E f(x) - E f(y) over functions on all n + m points whose slope nowhere exceeds a bound."""
    points = np.concatenate([x, y])
    n, m, k = len(x), len(y), len(points)
    first, second = (one.ravel() for one in np.nonzero(~np.eye(k, dtype=bool)))
    rows = np.arange(len(first))
    ones = np.ones(len(first))
    rise = coo_array((np.concatenate([ones, -ones]), (np.tile(rows, 2), np.concatenate([first, second]))))
    allowed = steepest * distances(points, points)[first, second]
    gain = np.concatenate([np.full(n, 1 / n), np.full(m, -1 / m)])
    # A constant may be added to f, so its first value is set to zero.
    bounds = [(0, 0)] + [(None, None)] * (k - 1)
    found = linprog(-gain, A_ub=rise, b_ub=allowed, bounds=bounds)
    return Prices(-float(found.fun), found.x)
