"""Matrix products with a side of a few numbers, written as sums of columns.

Data of two dimensions, scores, and one-hot labels make such products. A library of matrix products takes longer to
start one than to do it, and a compiler that sees sums instead joins them with the nonlinearity before or after.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

NARROW = 4
aten = torch.ops.aten


def product(x: Tensor, w: Tensor) -> Tensor:
    """`x @ w` of matrices (..., m, k) and (..., k, n), or NotImplemented where no side is narrow."""
    m, k, n = x.shape[-2], x.shape[-1], w.shape[-1]
    if k <= NARROW:
        terms = [x[..., :, i : i + 1] * w[..., i : i + 1, :] for i in range(k)]
        return sum(terms[1:], terms[0])
    if n <= NARROW:
        return torch.stack([_against(x, w[..., i]) for i in range(n)], dim=-1)
    if m <= NARROW:
        return torch.stack([_against(w.mT, x[..., i, :]) for i in range(m)], dim=-2)
    return NotImplemented


def _against(x: Tensor, v: Tensor) -> Tensor:
    """`x @ v` of a matrix (..., m, k) and a vector (..., k), summed along or across memory as the matrix lies there."""
    if x.stride(-1) == 1:
        return (x * v.unsqueeze(-2)).sum(-1)
    return (x.mT * v.unsqueeze(-1)).sum(-2)


def _with_bias(bias: Tensor, x: Tensor, w: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    found = product(x, w) if beta == alpha == 1 else NotImplemented
    return found if found is NotImplemented else bias + found


DECOMPOSITIONS: dict[Any, Callable[..., Tensor]] = {
    aten.mm.default: product,
    aten.bmm.default: product,
    aten.addmm.default: _with_bias,
    aten.baddbmm.default: _with_bias,
}
