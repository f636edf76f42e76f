"""Products with a narrow side are the library's products, however the matrices lie in memory."""

import pytest
import torch
from torch import Tensor

from saddle.training.ways.narrow_products import DECOMPOSITIONS, NARROW, product

SHAPES = [(7, 1, 5), (7, 4, 9), (6, 8, 1), (6, 8, 3), (2, 9, 7), (1, 1, 1), (1, 6, 1), (4, 30, 4)]
aten = torch.ops.aten


def matrix(*shape: int, turned: bool) -> Tensor:
    """Numbers in rows, or in columns."""
    generator = torch.Generator().manual_seed(sum(shape))
    wanted = shape if not turned else (*shape[:-2], shape[-1], shape[-2])
    made = torch.randn(wanted, generator=generator, dtype=torch.float64)
    return made.mT if turned else made


@pytest.mark.parametrize("turned", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("shape", SHAPES)
def test_they_are_products(shape: tuple[int, int, int], batch: tuple[int, ...], turned: tuple[bool, bool]) -> None:
    m, k, n = shape
    x, w = matrix(*batch, m, k, turned=turned[0]), matrix(*batch, k, n, turned=turned[1])
    found = product(x, w)
    assert found.shape == (*batch, m, n) and torch.allclose(found, x @ w, atol=1e-13)
    bias = torch.randn(n, dtype=torch.float64) if not batch else torch.randn(*batch, m, n, dtype=torch.float64)
    name, plain = (aten.baddbmm, torch.baddbmm) if batch else (aten.addmm, torch.addmm)
    assert torch.allclose(DECOMPOSITIONS[name.default](bias, x, w), plain(bias, x, w), atol=1e-13)


def test_wide_products_and_scaled_ones_are_left_to_the_library() -> None:
    wide = torch.randn(NARROW + 1, NARROW + 1)
    assert product(wide, wide) is NotImplemented
    narrow = torch.randn(3, 2)
    assert DECOMPOSITIONS[aten.addmm.default](torch.zeros(3), narrow, narrow.T, beta=2) is NotImplemented
