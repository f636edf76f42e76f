"""The families of f-divergences that have a number in them, as rows like those of the table.

>>> from saddle.measures import f_divergence
>>> import numpy as np
>>> p, q = np.array([0.2, 0.8]), np.array([0.5, 0.5])
>>> float(f_divergence(p, q, alpha_divergence(2))) - float(f_divergence(p, q, "pearson")) / 2
0.0
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from saddle.core.errors import InputError
from saddle.measures.probability.f_divergences import REALS, FDivergence


def alpha_divergence(alpha: float) -> FDivergence:
    """f(u) = (u^α - 1 - α (u - 1))/(α (α - 1)): Pearson/2 at 2, twice squared Hellinger at ½, Neyman/2 at -1.

    It nears KL as α nears 1 and reverse KL as α nears 0. Above 1 the critic's link is f-GAN's, v itself; f* is constant
    where v is less than -1/(α - 1), so that a generator that descends it learns nothing there. Below 1 it is f'(exp v),
    which grows exponentially on one side; f-GAN's, 1/(1 - α) - log(1 + exp(-v)), has the same optimum, but its f* grows
    like exp(v α/(1 - α)).

    Reference: Nowozin, Cseke & Tomioka 2016, f-GAN, tables 5 and 6, arXiv 1606.00709; Amari 1985.

    Args:
        alpha: any number but 0 and 1, and farther from both than a millionth, where f cancels.

    Raises:
        InputError: for any other.
    """
    if not math.isfinite(alpha) or min(abs(alpha), abs(alpha - 1)) < 1e-6:
        raise InputError(f"alpha must be a finite number, neither 0 (reverse KL) nor 1 (KL), and got {alpha}.")
    power = alpha / (alpha - 1)

    def f(u: Tensor) -> Tensor:
        return (u**alpha - 1 - alpha * (u - 1)) / (alpha * (alpha - 1))

    def conjugate(t: Tensor) -> Tensor:
        base = 1 + (alpha - 1) * t
        # Above one, the supremum over u >= 0 is at u = 0 where the base is negative.
        return ((base.clamp(min=0) if alpha > 1 else base) ** power - 1) / alpha

    def link(v: Tensor) -> Tensor:
        return v if alpha > 1 else torch.expm1((alpha - 1) * v) / (alpha - 1)

    def conjugate_of_link(v: Tensor) -> Tensor:
        return conjugate(v) if alpha > 1 else torch.expm1(alpha * v) / alpha

    return FDivergence(
        name="alpha",
        formula=f"(u^α - 1 - α (u - 1))/(α (α - 1)), α = {alpha:g}",
        f=f,
        slope=lambda u: (u ** (alpha - 1) - 1) / (alpha - 1),
        conjugate=conjugate,
        link=link,
        conjugate_of_link=conjugate_of_link,
        domain=REALS if alpha > 1 else (-math.inf, 1 / (1 - alpha)),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=1 / alpha if alpha > 0 else math.inf,
        slope_at_infinity=math.inf if alpha > 1 else 1 / (1 - alpha),
    )


def weighted_jensen_shannon(weight: float) -> FDivergence:
    """f(u) = π u log u - m log m with m = 1 - π + π u: π KL(P‖M) + (1 - π) KL(Q‖M), M = π P + (1 - π) Q.

    The Jensen-Shannon divergence at ½; at most the entropy of (π, 1 - π). The link is another than f-GAN's, with the
    same optimum: what a classifier of examples that come from P with probability π makes of its logit v.

    Reference: Nowozin, Cseke & Tomioka 2016, f-GAN, tables 5 and 6, arXiv 1606.00709; Lin 1991, section IV.

    Args:
        weight: π, above 0 and below 1.

    Raises:
        InputError: for any other.
    """
    if not 0 < weight < 1:
        raise InputError(f"weight must be above 0 and below 1, and got {weight}.")
    rest = 1 - weight
    ours, theirs = -math.log(weight), -math.log(rest)

    def mixed(u: Tensor) -> Tensor:
        return rest + weight * u

    return FDivergence(
        name="weighted-jensen-shannon",
        formula=f"π u log u - (1 - π + π u) log(1 - π + π u), π = {weight:g}",
        f=lambda u: weight * torch.xlogy(u, u) - torch.xlogy(mixed(u), mixed(u)),
        slope=lambda u: weight * (u.log() - mixed(u).log()),
        conjugate=lambda t: rest * (-theirs - torch.log1p(-weight * torch.exp(t / weight))),
        link=lambda v: weight * (ours + logsigmoid(v)),
        conjugate_of_link=lambda v: rest * (-theirs - logsigmoid(-v)),
        domain=(-math.inf, weight * ours),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=rest * theirs,
        slope_at_infinity=weight * ours,
    )
