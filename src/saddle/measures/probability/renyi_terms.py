"""The Rényi divergence of every order, near order one and for nearly equal laws too."""

import math

import torch
from torch import Tensor

from saddle.measures.probability.comparison import Comparison
from saddle.measures.probability.outcome_terms import kl, power


def renyi_value(c: Comparison, order: float) -> Tensor:
    """D_α over the last axis, for orders from 0 to infinity.

    With β = α - 1 the sum Σ p (p/q)^β is one plus terms of one sign. Below one half the skew symmetry
    D_α(p‖q) = α / (1 - α) D_{1-α}(q‖p) keeps the terms from canceling.
    """
    if order == 0:
        missed = torch.where(c.log_p == -math.inf, c.q, 0.0).sum(-1)
        met = torch.where(c.log_p == -math.inf, 0.0, c.q).sum(-1)
        return torch.where(missed < 0.5, -torch.log1p(-missed), -met.log())
    if order == 1:
        return kl(c).sum(-1)
    if order == math.inf:
        return torch.where(c.log_p == -math.inf, -math.inf, c.log_ratio).amax(-1)
    if order < 0.5:
        return -log_power_sum(c.swapped(), -order) / (1 - order)
    return log_power_sum(c, order - 1) / (order - 1)


def renyi_slopes(c: Comparison, order: float) -> tuple[Tensor, Tensor]:
    """The derivatives of D_α by p and by q, up to a constant each; for positive orders."""
    if order == math.inf:
        top = torch.where(c.log_ratio == c.log_ratio.amax(-1, keepdim=True), 1.0, torch.zeros_like(c.p))
        top = top / top.sum(-1, keepdim=True)
        return top / c.p, -top / c.q
    excess = order - 1
    value = renyi_value(c, order).unsqueeze(-1)
    above = c.log_ratio - value
    by_p = order * (above if excess == 0 else torch.expm1(excess * above) / excess)
    return by_p, -torch.expm1(order * c.log_ratio - excess * value)


def log_power_sum(c: Comparison, excess: float) -> Tensor:
    """log Σ p (p/q)^β."""
    extra = power(c, excess).sum(-1)
    exponents = torch.where(c.log_p == -math.inf, -math.inf, c.log_p + excess * c.log_ratio)
    near = extra.abs() < 0.5
    return torch.where(near, torch.log1p(torch.where(near, extra, 0.0)), torch.logsumexp(exponents, -1))
