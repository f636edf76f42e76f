"""Sums and products with twice the digits of float64, as unevaluated pairs `high + low` (Dekker, 1971; Knuth, 1969).

They keep the difference of two nearly equal products, such as p Σq - q Σp, where plain arithmetic leaves rounding.
"""

import torch
from torch import Tensor

SPLIT = 2.0**27 + 1.0


def two_sum(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """a + b as rounded, and what the rounding lost, exactly."""
    high = a + b
    back = high - a
    return high, (a - (high - back)) + (b - back)


def two_product(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """a b as rounded, and what the rounding lost; exact for factors below 1e290 whose product is above 1e-290."""
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    high = a * b
    return high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low


def twofold_sum(x: Tensor) -> tuple[Tensor, Tensor]:
    """The sum along the last axis, shape (...), as a high and a low part."""
    high, low = x, torch.zeros_like(x)
    while high.shape[-1] > 1:
        if high.shape[-1] % 2:
            high, low = torch.nn.functional.pad(high, (0, 1)), torch.nn.functional.pad(low, (0, 1))
        half = high.shape[-1] // 2
        high, lost = two_sum(high[..., :half], high[..., half:])
        low = low[..., :half] + low[..., half:] + lost
    return two_sum(high[..., 0], low[..., 0])


def difference_of_products(
    a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor], c: tuple[Tensor, Tensor], d: tuple[Tensor, Tensor]
) -> Tensor:
    """a b - c d of four pairs, rounded once."""
    left, left_lost = two_product(a[0], b[0])
    right, right_lost = two_product(c[0], d[0])
    high, low = two_sum(left, -right)
    small = (a[0] * b[1] + a[1] * b[0]) - (c[0] * d[1] + c[1] * d[0])
    return high + (low + ((left_lost - right_lost) + small))


def _halves(a: Tensor) -> tuple[Tensor, Tensor]:
    scaled = SPLIT * a
    high = scaled - (scaled - a)
    return high, a - high
