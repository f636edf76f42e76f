"""The table of f-divergences: D_f(P‖Q) = Σ q f(p/q) = sup over T of E_P T - E_Q f*(T).

Nowozin, Cseke & Tomioka, "f-GAN", 2016, tables 1, 2 and 6. An f-GAN's critic is T(x) = g_f(v(x)), where v is a
network's plain output and the link g_f (their output activation) maps the real line into the domain of f*; the supremum
is reached at T = f'(p/q).

>>> import torch
>>> row = F_DIVERGENCES["pearson"]
>>> float(row.f(torch.tensor(3.0))), float(row.conjugate(torch.tensor(4.0)))
(4.0, 8.0)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

Scalar = Callable[[Tensor], Tensor]
"""A function of one real number, applied to each element of a tensor."""


@dataclass(frozen=True, repr=False)
class FDivergence:
    """One convex function and what goes with it; the functions act on each element of a tensor and are differentiable.

    Attributes:
        name: as `f_divergence` knows it.
        formula: f in plain text.
        f: convex on u > 0.
        slope: its derivative, which is the best critic at u = p/q.
        conjugate: f*(t) = sup over u of t u - f(u), on `domain`.
        link: g_f, increasing from the real line into `domain`.
        conjugate_of_link: f*(g_f(v)), without the overflow and the cancellation of one after the other.
        domain: the ends of the interval where f* is finite.
        at_one: f(1), the value for equal laws.
        slope_at_one: f'(1).
        at_zero: f(0), what each unit of q's mass costs where p is zero.
        slope_at_infinity: the limit of f(u)/u, what each unit of p's mass costs where q is zero.
        is_divergence: whether equal laws give zero.
    """

    name: str
    formula: str
    f: Scalar
    slope: Scalar
    conjugate: Scalar
    link: Scalar
    conjugate_of_link: Scalar
    domain: tuple[float, float]
    at_one: float
    slope_at_one: float
    at_zero: float
    slope_at_infinity: float
    is_divergence: bool = True

    @property
    def largest(self) -> float:
        """The value for laws with disjoint supports, which no other pair exceeds."""
        return self.at_zero + self.slope_at_infinity

    def __repr__(self) -> str:
        warning = "" if self.is_divergence else f"; not a divergence, equal laws give {self.at_one:.6g}"
        return f"FDivergence({self.name!r}, f(u) = {self.formula}{warning})"


LOG2 = math.log(2.0)
REALS = (-math.inf, math.inf)


def _jensen_shannon(u: Tensor) -> Tensor:
    """u log u - (u + 1) log((u + 1) / 2)."""
    return torch.xlogy(u, u) - (u + 1) * torch.log((u + 1) / 2)


def _softplus(v: Tensor) -> Tensor:
    """log(1 + exp(v)); torch's own is linear above 20 and so off by 2e-9."""
    return -logsigmoid(-v)


def _log_ratio_of_jeffreys(t: Tensor) -> Tensor:
    """The v with v + 1 - exp(-v) = t, by Newton's steps from below, which rise to it and stop moving after a few."""
    v = torch.where(t > 0, (t - 1).clamp(min=0), -torch.log1p(-t.clamp(max=0)))
    for _ in range(12):
        v = v + (t - v - 1 + torch.exp(-v)) / (1 + torch.exp(-v))
    return v


_MEMBERS = (
    FDivergence(
        name="kl",
        formula="u log u",
        f=lambda u: torch.xlogy(u, u),
        slope=lambda u: u.log() + 1,
        conjugate=lambda t: torch.exp(t - 1),
        link=lambda v: v,
        conjugate_of_link=lambda v: torch.exp(v - 1),
        domain=REALS,
        at_one=0.0,
        slope_at_one=1.0,
        at_zero=0.0,
        slope_at_infinity=math.inf,
    ),
    FDivergence(
        name="reverse-kl",
        formula="-log u",
        f=lambda u: -u.log(),
        slope=lambda u: -1 / u,
        conjugate=lambda t: -1 - torch.log(-t),
        link=lambda v: -torch.exp(-v),
        conjugate_of_link=lambda v: v - 1,
        domain=(-math.inf, 0.0),
        at_one=0.0,
        slope_at_one=-1.0,
        at_zero=math.inf,
        slope_at_infinity=0.0,
    ),
    FDivergence(
        name="pearson",
        formula="(u - 1)²",
        f=lambda u: (u - 1).square(),
        slope=lambda u: 2 * (u - 1),
        # Below -2 the supremum over u >= 0 is at u = 0; f-GAN continues the parabola, which is an upper bound there.
        conjugate=lambda t: t.square() / 4 + t,
        link=lambda v: v,
        conjugate_of_link=lambda v: v.square() / 4 + v,
        domain=REALS,
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=1.0,
        slope_at_infinity=math.inf,
    ),
    FDivergence(
        name="neyman",
        formula="(1 - u)² / u",
        f=lambda u: (1 - u).square() / u,
        slope=lambda u: 1 - 1 / u.square(),
        conjugate=lambda t: 2 - 2 * torch.sqrt(1 - t),
        link=lambda v: -torch.expm1(-v),
        conjugate_of_link=lambda v: -2 * torch.expm1(-v / 2),
        domain=(-math.inf, 1.0),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=math.inf,
        slope_at_infinity=1.0,
    ),
    FDivergence(
        name="jeffreys",
        formula="(u - 1) log u, KL both ways",
        f=lambda u: (u - 1) * u.log(),
        slope=lambda u: u.log() + 1 - 1 / u,
        conjugate=lambda t: torch.expm1(_log_ratio_of_jeffreys(t)) + _log_ratio_of_jeffreys(t),
        # f'(exp v): f-GAN's own link, v, needs Lambert's function for f*, and this one nothing.
        link=lambda v: v - torch.expm1(-v),
        conjugate_of_link=lambda v: torch.expm1(v) + v,
        domain=REALS,
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=math.inf,
        slope_at_infinity=math.inf,
    ),
    FDivergence(
        name="squared-hellinger",
        formula="(√u - 1)²",
        f=lambda u: (u.sqrt() - 1).square(),
        slope=lambda u: 1 - u.rsqrt(),
        conjugate=lambda t: t / (1 - t),
        link=lambda v: -torch.expm1(-v),
        conjugate_of_link=torch.expm1,
        domain=(-math.inf, 1.0),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=1.0,
        slope_at_infinity=1.0,
    ),
    FDivergence(
        name="jensen-shannon",
        formula="½ u log u - ½ (u + 1) log((u + 1) / 2)",
        f=lambda u: _jensen_shannon(u) / 2,
        slope=lambda u: (LOG2 + logsigmoid(u.log())) / 2,
        conjugate=lambda t: -torch.log(2 - torch.exp(2 * t)) / 2,
        link=lambda v: (LOG2 + logsigmoid(v)) / 2,
        conjugate_of_link=lambda v: (_softplus(v) - LOG2) / 2,
        domain=(-math.inf, LOG2 / 2),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=LOG2 / 2,
        slope_at_infinity=LOG2 / 2,
    ),
    FDivergence(
        name="jensen-shannon-nowozin",
        formula="u log u - (u + 1) log((u + 1) / 2), twice the Jensen-Shannon divergence",
        f=_jensen_shannon,
        slope=lambda u: LOG2 + logsigmoid(u.log()),
        conjugate=lambda t: -torch.log(2 - torch.exp(t)),
        link=lambda v: LOG2 + logsigmoid(v),
        conjugate_of_link=lambda v: _softplus(v) - LOG2,
        domain=(-math.inf, LOG2),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=LOG2,
        slope_at_infinity=LOG2,
    ),
    FDivergence(
        name="total-variation",
        formula="½ |u - 1|",
        f=lambda u: (u - 1).abs() / 2,
        slope=lambda u: torch.sign(u - 1) / 2,
        conjugate=lambda t: t,
        link=lambda v: torch.tanh(v) / 2,
        conjugate_of_link=lambda v: torch.tanh(v) / 2,
        domain=(-0.5, 0.5),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=0.5,
        slope_at_infinity=0.5,
    ),
    FDivergence(
        name="gan",
        formula="u log u - (u + 1) log(u + 1), which makes 2 JSD - log 4",
        f=lambda u: torch.xlogy(u, u) - (u + 1) * torch.log1p(u),
        slope=lambda u: logsigmoid(u.log()),
        conjugate=lambda t: -torch.log(-torch.expm1(t)),
        link=logsigmoid,
        conjugate_of_link=_softplus,
        domain=(-math.inf, 0.0),
        at_one=-2 * LOG2,
        slope_at_one=-LOG2,
        at_zero=0.0,
        slope_at_infinity=0.0,
        is_divergence=False,
    ),
)

F_DIVERGENCES: dict[str, FDivergence] = {member.name: member for member in _MEMBERS}
"""All members by name."""
