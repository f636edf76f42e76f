"""Optimal transport on the line, exact by sorting, for many lines at once."""

import torch
from torch import Tensor


def transport_costs(u: Tensor, v: Tensor, p: float) -> Tensor:
    """W_p^p between the empirical laws of each row of `u`, shape (k, n), and of `v`, shape (k, m); shape (k,)."""
    u, v = u.sort(1).values, v.sort(1).values
    if u.shape[1] == v.shape[1]:
        return (u - v).abs_().pow_(p).mean(1)
    i, j, widths = _coupling(u.shape[1], v.shape[1])
    return (u[:, i] - v[:, j]).abs_().pow_(p) @ widths.to(u.dtype)


def transport_potentials(u: Tensor, v: Tensor, p: float) -> tuple[Tensor, Tensor]:
    """The dual solution: f, shape (k, n), and g, (k, m), with f_i + g_j <= |u_i - v_j|^p and equality where mass moves.

    Along the monotone coupling either index grows and the condition of equality fixes the next potential. Where both
    grow at once the solution is not unique; the mean of the two extreme ones is taken.
    """
    (u, order_u), (v, order_v) = u.sort(1), v.sort(1)
    i, j, _ = _coupling(u.shape[1], v.shape[1])
    a, b = u[:, i], v[:, j]
    here = (a - b).abs().pow(p)
    ahead = (a[:, 1:] - b[:, :-1]).abs().pow(p)
    behind = (a[:, :-1] - b[:, 1:]).abs().pow(p)
    along, across = here[:, 1:] - here[:, :-1], ahead - behind
    # Where only one index grows, the sum or the difference vanishes by itself.
    f = torch.nn.functional.pad(((along + across) / 2).cumsum(1), (1, 0))
    g = torch.nn.functional.pad(((along - across) / 2).cumsum(1), (1, 0)) + here[:, :1]
    first_i, first_j = _firsts(i), _firsts(j)
    return (
        torch.empty_like(u).scatter_(1, order_u, f[:, first_i]),
        torch.empty_like(v).scatter_(1, order_v, g[:, first_j]),
    )


def _coupling(n: int, m: int) -> tuple[Tensor, Tensor, Tensor]:
    """The pieces of the monotone coupling: ranks in the first set, ranks in the second, and the mass of each piece."""
    # Both quantile functions are constant between consecutive multiples of 1/n and 1/m; in units of 1/(nm) these are
    # whole numbers, so that no rounding can put a level on the wrong side of a step.
    steps = torch.cat([torch.arange(1, n + 1) * m, torch.arange(1, m + 1) * n]).unique()
    widths = steps.diff(prepend=steps.new_zeros(1)).double() / (n * m)
    return (steps - 1) // m, (steps - 1) // n, widths


def _firsts(ranks: Tensor) -> Tensor:
    """Where each rank first appears."""
    return torch.searchsorted(ranks, torch.arange(int(ranks[-1]) + 1))
