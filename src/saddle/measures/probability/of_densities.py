"""A measure of densities by the best means at hand: closed form, exact sum, quadrature, or Monte Carlo."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Distribution

from saddle.measures.estimate import Estimate, normal_interval
from saddle.measures.probability.comparison import Comparison, compare
from saddle.measures.probability.density import Density, View, view, views
from saddle.measures.probability.enumerated import enumerate_both
from saddle.measures.probability.monte_carlo import Sampled, check_draws, sample_integral, sample_mean
from saddle.measures.probability.normals import NormalPair, normal_pair
from saddle.measures.probability.quadrature import TARGET, Integral, can_integrate, integrate
from saddle.measures.probability.torch_laws import is_discrete

LOOSE = 0.01
"""The relative error from which an integral that did not converge has none that can be trusted."""
NO_END = "may be infinite: the tail's contribution does not die out, or the integral does not settle"
MISSED = "did not reach 1e-9 of the value, as a density is steep or a tail long; the error is the bound it reached"


@dataclass(frozen=True)
class Quantity:
    """One measure, in the forms that the different means need.

    Attributes:
        total: its value from all probabilities, for distributions whose outcomes can be listed.
        integrand: what each point adds to an integral over space.
        finish: the value from the integral.
        slope: the size of `finish`'s derivative there, which scales errors.
        of_normals: its closed form for two normals, None where there is none.
        of_torch: the closed form that torch may know.
        mean_of: where it is the mean of a function over p, that function; sampling then draws from p alone.
        largest: the value where the supports do not meet.
        tail: what to know of the spread of its sampled terms.
    """

    total: Callable[[Comparison], Tensor]
    integrand: Callable[[Comparison], Tensor]
    finish: Callable[[float], float] = lambda integral: integral
    slope: Callable[[float], float] = lambda integral: 1.0
    of_normals: Callable[[NormalPair], float | None] = lambda pair: None
    of_torch: Callable[[Any, Any], Tensor] | None = None
    mean_of: Callable[[Comparison], Tensor] | None = None
    largest: float = math.inf
    tail: str = ""


def measure_pair(quantity: Quantity, p: Density, q: Density, unit: float, draws: int, seed: int) -> Estimate:
    """A measure of two densities, divided by `unit`.

    Raises:
        InputError: when these are not densities over one space, or one does not integrate to one.
    """
    check_draws(draws, seed)
    return _in_units(_measure(quantity, *views(p, q), draws, seed), unit)


def measure_one(quantity: Quantity, p: Density, unit: float, draws: int, seed: int) -> Estimate:
    """A measure of one density, divided by `unit`."""
    check_draws(draws, seed)
    only = view(p, "p")
    return _in_units(_measure(quantity, only, only, draws, seed), unit)


def _measure(quantity: Quantity, p: View, q: View, draws: int, seed: int) -> Estimate:
    pair = normal_pair(p.torch, q.torch)
    closed = None if pair is None else quantity.of_normals(pair)
    if closed is not None:
        return _known(closed, "closed form", 0)
    if p.torch is not None and q.torch is not None:
        listed = enumerate_both(p.torch, q.torch)
        if listed is not None:
            return _known(float(quantity.total(compare(*listed))), "exact sum over all outcomes", len(listed[0]))
        closed = _of_torch(quantity, p.torch, q.torch)
        if closed is not None:
            return _known(closed, "closed form of torch.distributions", 0)
    if can_integrate(p, q):
        return _integrated(quantity, integrate(p, q, quantity.integrand, seed))
    if quantity.mean_of is not None:
        return _drawn(quantity, sample_mean(p, q, quantity.mean_of, draws, seed), "draws of p")
    return _drawn(quantity, sample_integral(p, q, quantity.integrand, draws, seed), "draws of both")


def _of_torch(quantity: Quantity, p: Distribution, q: Distribution) -> float | None:
    if quantity.of_torch is None:
        return None
    try:
        with torch.no_grad():
            found = float(quantity.of_torch(p, q))
    except (NotImplementedError, RuntimeError, ValueError):
        return None
    if math.isinf(found) and p.event_shape.numel() <= 2 and not is_discrete(p):
        # Some of torch's forms call laws infinitely far apart that are not: quadrature will see.
        return None
    return None if math.isnan(found) else found


def _known(value: float, method: str, n: tuple[int, ...] | int, note: str = "") -> Estimate:
    return Estimate(value, 0.0, (value, value), method, n, note)


def _integrated(quantity: Quantity, integral: Integral) -> Estimate:
    method = "adaptive quadrature"
    if not integral.overlap and math.isfinite(quantity.largest):
        return _known(quantity.largest, method, integral.n, "the supports do not meet")
    value = min(quantity.finish(integral.value), quantity.largest)
    error = integral.error * quantity.slope(integral.value) if math.isfinite(integral.error) else math.inf
    if not math.isfinite(error) or not (integral.converged or error <= LOOSE * abs(value)):
        return Estimate(value, None, None, method, integral.n, NO_END)
    if not math.isfinite(value):
        return _known(value, method, integral.n, "infinite where it was evaluated")
    note = MISSED if error > TARGET * abs(value) else ""
    return Estimate(value, error, (value - error, value + error), method, integral.n, note)


def _drawn(quantity: Quantity, found: Sampled, of: str) -> Estimate:
    method, n = f"Monte Carlo over {of}", found.n
    if not found.overlap and math.isfinite(quantity.largest):
        note = "no draw had positive density under both"
        return _known(quantity.largest, method, n, note)
    value = quantity.finish(found.value)
    if not math.isfinite(value):
        return _known(value, method, n, "infinite at a draw")
    error = found.error * quantity.slope(found.value)
    return Estimate(value, error, normal_interval(value, error), method, n, quantity.tail)


def _in_units(estimate: Estimate, unit: float) -> Estimate:
    if unit == 1:
        return estimate
    ends, error = estimate.interval, estimate.error
    return Estimate(
        estimate.value / unit,
        None if error is None else error / unit,
        None if ends is None else (ends[0] / unit, ends[1] / unit),
        estimate.method,
        estimate.n,
        estimate.note,
    )
