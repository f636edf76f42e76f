"""What each outcome adds to an f-divergence and to its gradient, without cancellation.

As p and q both sum to one, D_f = f(1) + Σ q [f(u) - f(1) - f'(1) (u - 1)] with u = p/q: each term is what f lies above
its tangent, so no term is negative and nothing cancels between them. Each member has its own way to a term's last
digit. The GAN's f has one sign on its own and is summed as it is.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.measures.probability.brackets import NEAR, entropy_bracket, exponential_bracket
from saddle.measures.probability.comparison import Comparison
from saddle.measures.probability.f_divergences import F_DIVERGENCES, FDivergence

Outcome = Callable[[Comparison], Tensor]
Slopes = Callable[[Comparison], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Terms:
    """How to sum one measure.

    Attributes:
        outcome: what each outcome adds to the value, given both laws.
        slopes: the derivatives by p and by q of each outcome, up to a constant, which normalization removes.
        offset: added to the sum.
        largest: the exact sum where no outcome has positive probability under both laws; none is larger.
    """

    outcome: Outcome
    slopes: Slopes
    offset: float = 0.0
    largest: float = math.inf


def terms_of(member: FDivergence) -> Terms:
    """The terms of a member of the table, or of any other f by its plain formula."""
    if F_DIVERGENCES.get(member.name) is member:
        outcome, slopes = _STABLE[member.name]
        return Terms(outcome, slopes, member.at_one if member.name != "gan" else 0.0, member.largest)
    return Terms(_plain(member), _plain_slopes(member), member.at_one, member.largest)


def weigh(weight: Tensor, x: Tensor) -> Tensor:
    """weight · x, where nothing weighs nothing: 0 log 0 = 0."""
    return torch.where(weight == 0, torch.zeros_like(x), weight * x)


def kl(c: Comparison) -> Tensor:
    """p log(p/q) - (p - q)."""
    near = c.q * entropy_bracket(torch.where(c.relative.abs() < NEAR, c.relative, 0.0))
    # A density that underflows to zero weighs nothing; a true zero of q under p is infinite.
    far = weigh(c.p, c.log_ratio) - c.difference
    return torch.where(c.relative.abs() < NEAR, near, far)


def reverse_kl(c: Comparison) -> Tensor:
    """q log(q/p) - (q - p)."""
    return kl(c.swapped())


def pearson(c: Comparison) -> Tensor:
    """(p - q)² / q."""
    product = c.difference * c.relative
    # p²/q in logarithms, where p/q or q leaves the range of float64.
    logs = weigh(torch.ones_like(c.p), torch.exp(c.log_p + c.log_ratio)) - 2 * c.p + c.q
    far = torch.where(c.log_p == -math.inf, c.q, logs)
    return torch.where(product.isfinite() & ((c.q > 0) | (c.log_q == -math.inf) & (c.p == 0)), product, far)


def neyman(c: Comparison) -> Tensor:
    """(p - q)² / p."""
    return pearson(c.swapped())


def jeffreys(c: Comparison) -> Tensor:
    """(p - q) log(p/q)."""
    return torch.where(c.difference == 0, 0.0, c.difference * c.log_ratio)


def squared_hellinger(c: Comparison) -> Tensor:
    """(√p - √q)²."""
    root = c.p.sqrt() + c.q.sqrt()
    return torch.where(root > 0, c.difference / torch.where(root > 0, root, 1.0), 0.0).square()


def total_variation(c: Comparison) -> Tensor:
    """½ |p - q|."""
    return c.difference.abs() / 2


def jensen_shannon(c: Comparison) -> Tensor:
    """½ p log(p/m) + ½ q log(q/m) with m = (p + q)/2."""
    x, both = _contrast(c)
    return both / 4 * (entropy_bracket(x) + entropy_bracket(-x))


def gan(c: Comparison) -> Tensor:
    """p log(p/(p + q)) + q log(q/(p + q)), of which no term is positive."""
    none = torch.zeros_like(c.p)
    of_p, of_q = torch.logaddexp(none, -c.log_ratio), torch.logaddexp(none, c.log_ratio)
    return -(weigh(c.p, of_p) + weigh(c.q, of_q))


def power(c: Comparison, excess: float) -> Tensor:
    """p (p/q)^β - p - β (p - q) with β = `excess`, for β > -1; about β p log(p/q) - β (p - q) near β = 0."""
    exponent = excess * c.log_ratio
    near = exponent.abs() < 0.5
    curved = exponential_bracket(torch.where(near, exponent, 0.0))
    close = excess * kl(c) + weigh(c.p, exponent.square() * curved)
    grown = torch.where(c.log_p == -math.inf, 0.0, torch.exp(c.log_p + exponent))
    return torch.where(near, close, (grown - c.p) - excess * c.difference)


def kl_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    """log u and -u."""
    return c.log_ratio, -c.relative


def _reverse_slopes(slopes: Slopes) -> Slopes:
    def swapped(c: Comparison) -> tuple[Tensor, Tensor]:
        by_q, by_p = slopes(c.swapped())
        return by_p, by_q

    return swapped


def _pearson_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    return 2 * c.relative, -c.relative * (2 + c.relative)


def _jeffreys_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    return c.log_ratio - c.reverse, -c.log_ratio - c.relative


def _hellinger_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    return -torch.expm1(-c.log_ratio / 2), -torch.expm1(c.log_ratio / 2)


def _variation_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    side = torch.sign(c.difference) / 2
    return side, -side


def _shannon_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    x, _ = _contrast(c)
    near, none = x.abs() < 0.5, torch.zeros_like(x)
    close = torch.where(near, x, none)
    by_p = torch.where(near, torch.log1p(close), math.log(2) - torch.logaddexp(none, -c.log_ratio))
    by_q = torch.where(near, torch.log1p(-close), math.log(2) - torch.logaddexp(none, c.log_ratio))
    return by_p / 2, by_q / 2


def _doubled_slopes(c: Comparison) -> tuple[Tensor, Tensor]:
    by_p, by_q = _shannon_slopes(c)
    return 2 * by_p, 2 * by_q


def _contrast(c: Comparison) -> tuple[Tensor, Tensor]:
    """(p - q) / (p + q), and p + q."""
    both = c.p + c.q
    return torch.where(both > 0, c.difference / torch.where(both > 0, both, 1.0), 0.0), both


def _plain(member: FDivergence) -> Outcome:
    def outcome(c: Comparison) -> Tensor:
        u = torch.where(c.q > 0, 1 + c.relative, 1.0)
        above = member.f(u) - member.at_one - member.slope_at_one * c.relative
        empty = weigh(c.p, torch.full_like(c.p, member.slope_at_infinity - member.slope_at_one))
        at_zero = member.at_zero - member.at_one + member.slope_at_one
        return torch.where(c.q > 0, c.q * torch.where(u > 0, above, at_zero), empty)

    return outcome


def _plain_slopes(member: FDivergence) -> Slopes:
    def slopes(c: Comparison) -> tuple[Tensor, Tensor]:
        u = torch.exp(c.log_ratio)
        slope = member.slope(u)
        return slope, member.f(u) - u * slope

    return slopes


_STABLE: dict[str, tuple[Outcome, Slopes]] = {
    "kl": (kl, kl_slopes),
    "reverse-kl": (reverse_kl, _reverse_slopes(kl_slopes)),
    "pearson": (pearson, _pearson_slopes),
    "neyman": (neyman, _reverse_slopes(_pearson_slopes)),
    "jeffreys": (jeffreys, _jeffreys_slopes),
    "squared-hellinger": (squared_hellinger, _hellinger_slopes),
    "jensen-shannon": (jensen_shannon, _shannon_slopes),
    "jensen-shannon-nowozin": (lambda c: 2 * jensen_shannon(c), _doubled_slopes),
    "total-variation": (total_variation, _variation_slopes),
    "gan": (gan, _doubled_slopes),
}
