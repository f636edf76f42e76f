"""Two laws side by side, with the difference of each pair of probabilities kept to its last digit."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.measures.probability.twofold import difference_of_products, twofold_sum

SMALL = 2.0**-500


@dataclass(frozen=True)
class Comparison:
    """Probabilities, or densities at points, under two laws; float64 tensors of one shape.

    Attributes:
        p: under the first law, normalized.
        q: under the second law, normalized.
        log_p: log p, -inf where p is zero.
        log_q: log q.
        difference: p - q, accurate where both are close.
        relative: p/q - 1, accurate where both are close; zero where both are zero.
        reverse: q/p - 1, likewise.
        log_ratio: log(p/q), likewise; infinite where one is zero.
    """

    p: Tensor
    q: Tensor
    log_p: Tensor
    log_q: Tensor
    difference: Tensor
    relative: Tensor
    reverse: Tensor
    log_ratio: Tensor

    def swapped(self) -> "Comparison":
        """The second law beside the first."""
        return Comparison(
            self.q, self.p, self.log_q, self.log_p, -self.difference, self.reverse, self.relative, -self.log_ratio
        )

    def overlap(self) -> Tensor:
        """Whether both are positive anywhere on the last axis."""
        return ((self.log_p > -math.inf) & (self.log_q > -math.inf)).any(-1)


def compare(p: Tensor, q: Tensor) -> Comparison:
    """Two sets of probabilities that sum to about one along the last axis, normalized exactly.

    With P = Σp and Q = Σq the normalized difference is (p Q - q P) / (P Q). Numerator and sums have twice the digits
    of float64, so that p = q (1 + noise of 1e-8) keeps twelve digits of the noise.
    """
    p_sum, q_sum = (_pair(total) for total in (twofold_sum(p), twofold_sum(q)))
    # Where both are tiny, the low halves of their products would underflow. A power of two changes no digit.
    lift = torch.where(torch.maximum(p, q) < SMALL, torch.full_like(p, 1 / SMALL), 1.0)
    a, b = p * lift, q * lift
    none = torch.zeros_like(p)
    numerator = difference_of_products((a, none), q_sum, (b, none), p_sum)
    difference = balanced(numerator / (p_sum[0] * q_sum[0]) / lift, p)
    relative, reverse = numerator / (b * p_sum[0]), -numerator / (a * q_sum[0])
    return from_parts(p / p_sum[0], q / q_sum[0], log_normalized(p), log_normalized(q), difference, relative, reverse)


def compare_logs(log_p: Tensor, log_q: Tensor) -> Comparison:
    """Two sets of log densities, or log probabilities, as they are."""
    ratio = log_p - log_q
    p, q = log_p.exp(), log_q.exp()
    relative, reverse = torch.expm1(ratio), torch.expm1(-ratio)
    difference = torch.where(ratio.abs() < 1, q * relative, p - q)
    neither = (log_p == -math.inf) & (log_q == -math.inf)
    relative, reverse, ratio = (torch.where(neither, 0.0, x) for x in (relative, reverse, ratio))
    return Comparison(p, q, log_p, log_q, difference, relative, reverse, ratio)


def from_parts(
    p: Tensor, q: Tensor, log_p: Tensor, log_q: Tensor, difference: Tensor, relative: Tensor, reverse: Tensor
) -> Comparison:
    """The comparison of normalized laws whose relative difference is known accurately, save where both are zero."""
    neither = (log_p == -math.inf) & (log_q == -math.inf)
    relative, reverse = (torch.where(neither, 0.0, x) for x in (relative, reverse))
    ratio = torch.where(relative > -0.5, torch.log1p(relative), -torch.log1p(reverse))
    ratio = torch.where(ratio.isfinite(), ratio, log_p - log_q)
    return Comparison(p, q, log_p, log_q, difference, relative, reverse, ratio)


def log_normalized(p: Tensor) -> Tensor:
    """log(p / Σp) along the last axis, accurate also where the largest share is nearly one."""
    is_largest, largest = _is_largest(p), p.amax(-1, keepdim=True)
    rest = torch.where(is_largest, torch.zeros_like(p), p).sum(-1, keepdim=True)
    return torch.where(is_largest, -torch.log1p(rest / largest), p.log() - (largest + rest).log())


def _is_largest(p: Tensor) -> Tensor:
    """True at one place of the last axis, where p is largest."""
    place = p.argmax(-1, keepdim=True)
    return torch.zeros_like(p, dtype=torch.bool).scatter(-1, place, torch.ones_like(place, dtype=torch.bool))


def balanced(difference: Tensor, p: Tensor) -> Tensor:
    """Differences that sum to zero along the last axis, where the rest is below what the largest p can show.

    There the largest outcome's difference is minus the sum of the others.
    """
    is_largest = _is_largest(p)
    rest = torch.where(is_largest, torch.zeros_like(difference), difference)
    hidden = rest.abs().sum(-1, keepdim=True) < torch.finfo(torch.float64).eps * p
    return torch.where(is_largest & hidden, -rest.sum(-1, keepdim=True), difference)


def _pair(total: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    return total[0].unsqueeze(-1), total[1].unsqueeze(-1)
