"""The Bures-Wasserstein distance between normal laws, in terms of their means and covariances."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Moments:
    """Mean, shape (d,), and covariance, shape (d, d), of a normal law."""

    mean: Tensor
    covariance: Tensor


def squared_bures_distance(a: Moments, b: Moments) -> float:
    """W_2² of two normal laws: ‖m - m'‖² + tr(C + C' - 2 (C^½ C' C^½)^½); covariances may be singular.

    With C = F Fᵀ and C' = G Gᵀ the root's trace is the sum of the singular values of FᵀG. That keeps all digits, where
    the root of the product's eigenvalues would lose half of them near zero.
    """
    root_trace = torch.linalg.svdvals(_factor(a.covariance).T @ _factor(b.covariance)).sum()
    traces = a.covariance.trace() + b.covariance.trace()
    return float((a.mean - b.mean).square().sum() + traces - 2 * root_trace)


def _factor(covariance: Tensor) -> Tensor:
    """A matrix F with F Fᵀ = C."""
    factor, failure = torch.linalg.cholesky_ex(covariance)
    if int(failure) == 0:
        return factor
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * kept(values).sqrt()


def kept(values: Tensor) -> Tensor:
    """Eigenvalues in ascending order, those that are only rounding set to zero."""
    smallest = values[-1].clamp_min(0) * len(values) * torch.finfo(values.dtype).eps
    return torch.where(values > smallest, values, torch.zeros_like(values))


class GroupedMoments:
    """Moments of a set of examples, whole or without one of its groups, from one pass over the examples.

    Holds one d x d matrix per group.
    """

    def __init__(self, x: Tensor, groups: int) -> None:
        self._center = x.mean(0)
        # Members of a group are spread evenly over the set, since examples often come ordered by class.
        members = [x[i::groups] - self._center for i in range(groups)]
        self._counts = [len(some) for some in members]
        self._sums = [some.sum(0) for some in members]
        self._squares = [some.T @ some for some in members]
        self._total_squares = sum(self._squares[1:], self._squares[0].clone())

    def whole(self) -> Moments:
        """Of all examples."""
        return self._moments(sum(self._counts), self._center.new_zeros(len(self._center)), self._total_squares)

    def without(self, group: int) -> Moments:
        """Of all examples but those of one group."""
        left = self._total_squares - self._squares[group]
        return self._moments(sum(self._counts) - self._counts[group], -self._sums[group], left)

    def _moments(self, count: int, total: Tensor, squares: Tensor) -> Moments:
        covariance = (squares - torch.outer(total, total) / count) / (count - 1)
        return Moments(self._center + total / count, covariance)
