"""Torch's distributions in float64, with what they tell of their support."""

import copy
import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import (
    Categorical,
    Distribution,
    LowRankMultivariateNormal,
    MultivariateNormal,
    Transform,
    VonMises,
    constraints,
)

from saddle.core.errors import InputError
from saddle.core.randomness import Stream

Span = tuple[float, float]


@dataclass(frozen=True)
class TorchLaw:
    """One torch distribution as NumPy functions of points; events of any shape are flattened to d numbers.

    Attributes:
        distribution: its copy in float64, without torch's checks of arguments.
        dimension: d.
        log_prob: maps points (n, d) to log densities (n,), -inf outside the support.
        sample: draws points (n, d).
        cuts: for each coordinate, the known ends of the support.
        bounds: for each coordinate, the lowest and the highest point of the support.
        flat: whether the support is known to be a part of space with volume, and not a simplex, say.
    """

    distribution: Distribution
    dimension: int
    log_prob: Callable[[np.ndarray], np.ndarray]
    sample: Callable[[int, Stream], np.ndarray]
    cuts: tuple[tuple[float, ...], ...]
    bounds: tuple[Span, ...]
    flat: bool


def read_torch(distribution: Distribution, name: str) -> TorchLaw:
    """One torch distribution.

    Raises:
        InputError: when it is a batch of several.
    """
    if distribution.batch_shape:
        found = f"found a batch of shape {tuple(distribution.batch_shape)}"
        raise InputError(
            f"{name} must be one distribution (torch.distributions.Independent makes one of a batch); {found}."
        )
    own: Any = in_double(distribution)
    event, dimension = tuple(own.event_shape), math.prod(own.event_shape)
    support = _support(own)
    cuts = _cuts(support, dimension)
    bounds = _bounds(cuts, support)
    # Where a density rises to infinity at an end of its support, the last number before the end stands in for it.
    lows, highs = np.array(bounds).T
    first, last = np.nextafter(lows, highs), np.nextafter(highs, lows)

    def log_prob(x: np.ndarray) -> np.ndarray:
        logs = _log_prob(own, support, x.reshape(-1, *event))
        endless = logs == math.inf
        if endless.any():
            logs[endless] = _log_prob(own, support, np.clip(x[endless], first, last).reshape(-1, *event))
        return logs

    def sample(n: int, source: Stream) -> np.ndarray:
        with torch.no_grad(), source.governing_torch():
            return own.sample((n,)).double().reshape(n, dimension).numpy()

    return TorchLaw(own, dimension, log_prob, sample, cuts, bounds, _is_flat(support))


def _log_prob(distribution: Any, support: Any, x: np.ndarray) -> np.ndarray:
    """Log densities at events (n, ...), -inf outside the support, where torch would raise or return anything."""
    with torch.no_grad():
        points = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float64))
        inside = torch.ones(len(x), dtype=torch.bool) if support is None else support.check(points)
        logs = torch.full((len(x),), -math.inf, dtype=torch.float64)
        if bool(inside.any()):
            logs[inside] = distribution.log_prob(points[inside]).double()
    return logs.numpy()


def in_double(distribution: Distribution) -> Distribution:
    """A copy on the CPU whose parameters are float64 and whose arguments are not checked."""
    if isinstance(distribution, LowRankMultivariateNormal | MultivariateNormal):
        return _normal_in_double(distribution)
    own = _converted(distribution, {})
    if isinstance(own, Categorical) and "probs" in own.__dict__:
        # Torch divided by the sum in the parameters' own dtype.
        own.__dict__["probs"] = own.probs / own.probs.sum(-1, keepdim=True)
    return own


def is_discrete(distribution: Distribution | None) -> bool:
    """Whether it is a torch distribution of whole numbers."""
    support = None if distribution is None else _support(distribution)
    return bool(support is not None and support.is_discrete)


def _normal_in_double(normal: Any) -> MultivariateNormal:
    """Whichever matrix was given decides, since torch factored it in the dtype it came in."""
    loc = _to_double(normal.loc)
    if isinstance(normal, LowRankMultivariateNormal):
        factor, diagonal = _to_double(normal.cov_factor), _to_double(normal.cov_diag)
        return MultivariateNormal(loc, factor @ factor.mT + torch.diag(diagonal), validate_args=False)
    for given in ("covariance_matrix", "precision_matrix", "scale_tril"):
        if given in normal.__dict__:
            return MultivariateNormal(loc, validate_args=False, **{given: _to_double(getattr(normal, given))})
    return MultivariateNormal(loc, scale_tril=_to_double(normal.scale_tril), validate_args=False)


def _converted(held: Any, done: dict[int, Any]) -> Any:
    """A copy in float64 of what a distribution holds; `done` has what was copied already, as transforms form rings."""
    if id(held) in done:
        return done[id(held)]
    if isinstance(held, Tensor):
        return _to_double(held) if held.is_floating_point() else held.detach().cpu()
    if isinstance(held, LowRankMultivariateNormal | MultivariateNormal) and not held.batch_shape:
        return _normal_in_double(held)
    if isinstance(held, nn.Module):
        return copy.deepcopy(held).to("cpu", torch.float64)
    if isinstance(held, list):
        return [_converted(one, done) for one in held]
    if isinstance(held, weakref.ref):
        # A transform's memory of its inverse, which belongs to the original.
        return None
    if isinstance(held, Distribution | Transform):
        twin = done[id(held)] = copy.copy(held)
        twin.__dict__.update({name: _converted(value, done) for name, value in vars(held).items()})
        if isinstance(twin, Distribution):
            twin._validate_args = False
        return twin
    return held


def _to_double(x: Tensor) -> Tensor:
    return x.detach().to("cpu", torch.float64)


def _support(distribution: Distribution) -> Any:
    """Torch's constraint, or None where it states none."""
    if isinstance(distribution, VonMises):
        # Torch says all reals, over which the density does not integrate to one.
        return constraints.interval(-math.pi, math.pi)
    try:
        return distribution.support
    except NotImplementedError:
        return None


def _cuts(support: Any, dimension: int) -> tuple[tuple[float, ...], ...]:
    """The finite ends that the constraint, or those inside it, name for each coordinate."""
    found: list[set[float]] = [set() for _ in range(dimension)]
    while support is not None:
        for end in ("lower_bound", "upper_bound"):
            value = torch.as_tensor(getattr(support, end, math.inf), dtype=torch.float64).detach()
            # Ends of a mixture's components stand on an axis before the coordinates.
            values = value.reshape(-1, dimension) if value.numel() % dimension == 0 else value.reshape(-1, 1)
            for coordinate, ends in enumerate(values.expand(-1, dimension).T.tolist()):
                found[coordinate].update(one for one in ends if math.isfinite(one))
        support = getattr(support, "base_constraint", None)
    return tuple(tuple(sorted(ends)) for ends in found)


def _bounds(cuts: tuple[tuple[float, ...], ...], support: Any) -> tuple[Span, ...]:
    while hasattr(support, "base_constraint"):
        support = support.base_constraint
    below, above = hasattr(support, "lower_bound"), hasattr(support, "upper_bound")
    finite_above = above and bool(torch.as_tensor(support.upper_bound).isfinite().all())
    finite_below = below and bool(torch.as_tensor(support.lower_bound).isfinite().all())
    return tuple(
        (ends[0] if finite_below and ends else -math.inf, ends[-1] if finite_above and ends else math.inf)
        for ends in cuts
    )


def _is_flat(support: Any) -> bool:
    while hasattr(support, "base_constraint"):
        support = support.base_constraint
    if support is None:
        return True
    intervals = (
        type(constraints.interval(0, 1)),
        type(constraints.half_open_interval(0, 1)),
        type(constraints.greater_than(0)),
        type(constraints.greater_than_eq(0)),
        type(constraints.less_than(0)),
        type(constraints.real),
    )
    return isinstance(support, intervals) and not support.is_discrete
