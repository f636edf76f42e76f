"""Closed forms between two normal laws, accurate also where these are nearly equal."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, MultivariateNormal, Normal

from saddle.measures.probability.brackets import log_bracket


@dataclass(frozen=True)
class NormalPair:
    """Two normal laws p and q in the coordinates where q is standard and the covariance of p is diagonal.

    Attributes:
        shift: the mean of p there, shape (d,).
        excess: the variances of p there, less one.
        log_variance: their logarithms.
        volume: log of the square root of the determinant of q's covariance.
    """

    shift: Tensor
    excess: Tensor
    log_variance: Tensor
    volume: float

    def cross_entropy(self) -> float:
        """-E_p log q."""
        spread = (self.excess + 1 + self.shift.square()).sum() / 2
        return float(spread) + self.volume + len(self.shift) * math.log(2 * math.pi) / 2

    def renyi(self, order: float) -> float:
        """D_α(p‖q) for orders from 0 to infinity; order 1 is KL. Gil, Alajaji & Linder, 2013, table 2.

        Infinite where (1 - α) Σ_p + α Σ_q is not positive definite.
        """
        if order == 0:
            return 0.0
        if order == math.inf:
            return self._largest_ratio()
        if order < 0.5:
            return order / (1 - order) * self.swapped().renyi(1 - order)
        beta = order - 1
        mixed = 1 - beta * self.excess
        if bool((mixed <= 0).any()):
            return math.inf
        moved = order / 2 * self.shift.square() / mixed
        widened = log_bracket(-beta * self.excess) / beta if beta else torch.zeros_like(mixed)
        return float((moved - (widened + self._log_bracket()) / 2).sum())

    def _log_bracket(self) -> Tensor:
        """log λ - (λ - 1) of the variances λ."""
        small = self.excess.abs() < 0.5
        return torch.where(small, log_bracket(torch.where(small, self.excess, 0.0)), self.log_variance - self.excess)

    def _largest_ratio(self) -> float:
        """The supremum of log p - log q."""
        if bool(((self.excess > 0) | (self.excess == 0) & (self.shift != 0)).any()):
            return math.inf
        narrower = self.excess < 0
        peak = self.shift.square() / torch.where(narrower, -self.excess, 1.0) - self.log_variance
        return float(torch.where(narrower, peak, 0.0).sum() / 2)

    def swapped(self) -> "NormalPair":
        """The pair with p and q exchanged."""
        scale = (-self.log_variance / 2).exp()
        volume = self.volume + float(self.log_variance.sum()) / 2
        excess = -self.excess * scale.square()
        return NormalPair(-self.shift * scale, excess, -self.log_variance, volume)


def normal_pair(p: Distribution | None, q: Distribution | None) -> NormalPair | None:
    """The pair, where both are normal distributions of torch, in float64."""
    a, b = _parameters(p), _parameters(q)
    if a is None or b is None:
        return None
    (mean_p, scale_p), (mean_q, scale_q) = a, b
    if scale_p.ndim == 1 and scale_q.ndim == 1:
        shift = (mean_p - mean_q) / scale_q
        excess = (scale_p - scale_q) * (scale_p + scale_q) / scale_q.square()
        return NormalPair(shift, excess, 2 * (scale_p.log() - scale_q.log()), float(scale_q.log().sum()))
    root_p, root_q = (torch.diag(scale) if scale.ndim == 1 else scale for scale in (scale_p, scale_q))
    return _general_pair(mean_p - mean_q, root_p, root_q)


def _general_pair(difference: Tensor, root_p: Tensor, root_q: Tensor) -> NormalPair:
    whitened = torch.linalg.solve_triangular(root_q, root_p, upper=False)
    # The difference of covariances is taken before whitening, so that nearly equal ones keep their digits:
    # with L = M + D that is D Mᵀ + M Dᵀ + D Dᵀ.
    step = root_p - root_q
    gap = step @ root_q.mT + root_q @ step.mT + step @ step.mT
    half = torch.linalg.solve_triangular(root_q, gap, upper=False)
    small = torch.linalg.solve_triangular(root_q, half.mT, upper=False)
    excess, turn = torch.linalg.eigh((small + small.mT) / 2)
    shift = torch.linalg.solve_triangular(root_q, difference[:, None], upper=False)[:, 0]
    # Singular values keep the digits of small variances, which the excess, near -1, has lost.
    variances = 2 * torch.linalg.svdvals(whitened).flip(0).log()
    return NormalPair(turn.mT @ shift, excess, variances, float(root_q.diagonal().log().sum()))


def _parameters(law: Any) -> tuple[Tensor, Tensor] | None:
    """Mean and standard deviations, shape (d,), or mean and lower triangular root of the covariance."""
    if isinstance(law, Independent):
        inner = _parameters(law.base_dist)
        return inner if inner is None or inner[1].ndim == 1 else None
    if isinstance(law, Normal):
        return law.loc.reshape(-1), law.scale.reshape(-1)
    if isinstance(law, MultivariateNormal) and not law.batch_shape:
        return law.loc, law.scale_tril
    return None
