"""The sum of outcome terms over two sets of probabilities, with the exact gradient."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from saddle.measures.probability.comparison import Comparison, compare
from saddle.measures.probability.outcome_terms import Slopes, Terms


def outcome_sum(p: Tensor, q: Tensor, terms: Terms, tiny: float) -> Tensor:
    """Terms summed along the last axis of two sets of probabilities, shape (..., n) to (...).

    The gradient is that of the value after normalization, so it is orthogonal to p and q themselves. Where a
    probability is zero it is the slope from above, taken at `tiny`: the true one may be infinite (log 0), and an
    infinite one would turn into NaN on its way back through a softmax.
    """
    return differentiable(p, q, lambda c: value_of(c, terms), terms.slopes, tiny)


def value_of(c: Comparison, terms: Terms) -> Tensor:
    """The terms' sum, never above its bound, which it reaches exactly where the supports do not meet."""
    total = terms.outcome(c).sum(-1) + terms.offset
    return torch.where(c.overlap(), total.clamp_max(terms.largest), terms.largest)


def differentiable(p: Tensor, q: Tensor, value: Callable[[Comparison], Tensor], slopes: Slopes, tiny: float) -> Tensor:
    """`value` of two sets of probabilities, whose gradient `slopes` gives up to a constant per distribution."""
    result: Any = _Differentiable.apply(p, q, value, slopes, tiny)
    return result


class _Differentiable(torch.autograd.Function):
    """Forward by the accurate value, which no automatic derivative could follow; backward by the slopes."""

    @staticmethod
    def forward(
        ctx: Any, p: Tensor, q: Tensor, value: Callable[[Comparison], Tensor], slopes: Slopes, tiny: float
    ) -> Tensor:
        ctx.save_for_backward(p, q)
        ctx.slopes, ctx.tiny = slopes, tiny
        return value(compare(p, q))

    @staticmethod
    def backward(ctx: Any, *outputs: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        p, q = (x.clamp_min(ctx.tiny) for x in ctx.saved_tensors)
        c = compare(p, q)
        by_p, by_q = (finite(x, ctx.tiny) for x in ctx.slopes(c))
        scale = outputs[0].unsqueeze(-1)
        return scale * centered(by_p, c.p, p), scale * centered(by_q, c.q, q), None, None, None


def centered(slopes: Tensor, weights: Tensor, raw: Tensor) -> Tensor:
    """From the derivatives by normalized probabilities to those by the given ones."""
    return (slopes - (weights * slopes).sum(-1, keepdim=True)) / raw.sum(-1, keepdim=True)


def finite(slopes: Tensor, tiny: float) -> Tensor:
    """Slopes held within the range of the dtype whose smallest normal number is `tiny`."""
    limit = 0.25 / tiny
    return slopes.nan_to_num(0.0).clamp(-limit, limit)
