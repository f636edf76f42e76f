"""Adaptive quadrature of what two densities differ by, in one and two dimensions, with the masses integrated along."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.probability.boxes import Boxes, beyond, cover
from saddle.measures.probability.comparison import Comparison, compare_logs
from saddle.measures.probability.cubature import Cubature, cubature
from saddle.measures.probability.density import View
from saddle.measures.probability.tails import Tail, in_shells
from saddle.measures.probability.tails import beyond as beyond_shells

TARGET = 1e-9
"""The relative error that is asked for."""
SEEDS, MORE_SEEDS = 4096, 32768
"""Samples of each law that lay out the first boxes; the larger number where the masses then miss one."""
LEAF = 128
"""Samples in a box that is split no further before anything is evaluated."""
BUDGET = {1: 1_000_000, 2: 4_000_000}
"""How many points may be evaluated, by dimension."""
ENDLESS = 1e200
"""An integrand above this is on its way to infinity in some tail."""
FAR_SHARE = 1e-7
"""The share of an integral over the plane that a far end may hold, once refined, and still have an error stated."""
MASS_MISS = 1e-6
"""How far a density may integrate from one."""
MASS_LOOSE = 0.01
"""The error of such an integral from which it shows nothing."""

Integrand = Callable[[Comparison], Tensor]


@dataclass(frozen=True)
class Integral:
    """An integral over all space.

    Attributes:
        value: the integral; infinite where the integrand is infinite anywhere it was looked at.
        error: a bound of the quadrature's error; infinite where what lies far out does not die out.
        n: points where the densities were evaluated.
        converged: whether the error is as small as was asked.
        overlap: whether both densities were positive at any point.
    """

    value: float
    error: float
    n: int
    converged: bool
    overlap: bool


class _Integrand:
    """Integrand and masses at points, and a note of what was seen there."""

    def __init__(self, p: View, q: View, integrand: Integrand) -> None:
        self.p, self.q, self.integrand = p, q, integrand
        self.infinite = self.overlap = False

    def __call__(self, x: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return self._values(x)

    def readable(self, x: np.ndarray) -> bool:
        """Whether both log densities are numbers there."""
        try:
            self.logs(x)
        except InputError:
            return False
        return True

    def logs(self, x: np.ndarray) -> list[np.ndarray]:
        """Both log densities."""
        with np.errstate(over="ignore"):
            return [law.log_prob(x) for law in (self.p, self.q)]

    def _values(self, x: np.ndarray) -> np.ndarray:
        log_p = torch.from_numpy(self.p.log_prob(x))
        c = compare_logs(log_p, log_p if self.q is self.p else torch.from_numpy(self.q.log_prob(x)))
        values = self.integrand(c)
        # Toward zero a density may rise beyond any number and still hold little.
        size = torch.from_numpy(np.prod(np.minimum(np.abs(x), 1.0), axis=1))
        endless = values.isinf() | (values.abs() * size > ENDLESS)
        self.overlap |= bool(c.overlap())
        self.infinite |= bool(endless.any())
        return torch.stack([torch.where(endless, 0.0, values), c.p, c.q], -1).numpy()


def can_integrate(p: View, q: View) -> bool:
    """Whether quadrature is for these: at most two dimensions, and supports that boxes can fill."""
    return p.dimension <= 2 and p.flat and q.flat


def integrate(p: View, q: View, integrand: Integrand, seed: int) -> Integral:
    """The integral of `integrand` over the line or the plane.

    Raises:
        InputError: when p or q does not integrate to one.
    """
    problem = ""
    for seeds in (SEEDS, MORE_SEEDS):
        samples, boxes = _boxes(p, q, seeds, seed)
        functions = _Integrand(p, q, integrand)
        functions(samples)
        # An integrand that is infinite somewhere needs no digits.
        relative = np.array([np.inf if functions.infinite else TARGET, TARGET, TARGET])
        tails: list[Tail] = []
        if p.dimension == 1:
            boxes, tails = in_shells(boxes, 0.0 in (*p.cuts[0], *q.cuts[0]), functions.readable)
        found = _with_beyond(functions, cubature(functions, boxes, relative, BUDGET[p.dimension]), tails)
        problem = _mass_problem(p, found, 1) or _mass_problem(q, found, 2)
        if not problem:
            return _result(functions, found)
    raise InputError(problem)


def _with_beyond(functions: _Integrand, found: Cubature, tails: list[Tail]) -> Cubature:
    """The integrals with what lies beyond the last shells, or, in the plane, with what the far ends may hide."""
    p_log, q_log = (law.log_prob for law in (functions.p, functions.q))
    value, error = found.value.copy(), found.error.copy()
    for i, laws in enumerate(([p_log, q_log], [p_log], [q_log])):
        with np.errstate(over="ignore"):
            rest = beyond_shells(tails, found.amounts[:, i], float(found.value[i]), laws)
        value[i], error[i] = value[i] + rest.value, error[i] + rest.error
    slow = ~np.isfinite(error) | (found.far > FAR_SHARE * np.abs(value))
    return replace(found, value=value, error=np.where(slow, np.inf, error))


def _result(functions: _Integrand, found: Cubature) -> Integral:
    if functions.infinite:
        return Integral(math.inf, 0.0, found.n, True, functions.overlap)
    value = float(found.value[0])
    # What the masses miss beyond their own error belongs to the densities, and passes on to the value.
    missed = sum(max(0.0, abs(float(found.value[i]) - 1) - float(found.error[i]) - 1e-12) for i in (1, 2))
    error = float(found.error[0]) + missed * max(1.0, abs(value))
    return Integral(value, error, found.n, found.converged, functions.overlap)


def _boxes(p: View, q: View, seeds: int, seed: int) -> tuple[np.ndarray, Boxes]:
    stream = Stream(seed).child("quadrature")
    drawn = [p.sample(seeds, stream.child("p"))] + ([] if q is p else [q.sample(seeds, stream.child("q"))])
    # Each law ends somewhere: a law far narrower than the other is set apart, tails and all.
    edges = [beyond(samples, LEAF // 2) for samples in drawn]
    bounds = [(min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(p.bounds, q.bounds, strict=True)]
    cuts = [sorted({*p.cuts[i], *q.cuts[i], *(end for edge in edges for end in edge[i])}) for i in range(p.dimension)]
    samples = np.concatenate(drawn)
    return samples, cover(samples, cuts, bounds, LEAF)


def _mass_problem(law: View, found: Cubature, which: int) -> str:
    mass, error = float(found.value[which]), float(found.error[which])
    if error < MASS_LOOSE and abs(mass - 1) <= max(MASS_MISS, 3 * error):
        return ""
    reason = "its density is too steep or its tail too long for quadrature, or it is no distribution"
    return f"{law.name} must integrate to one; found {mass:.9g}: {reason}."
