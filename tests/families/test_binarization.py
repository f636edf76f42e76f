"""From gray to black and white, by each of the named ways."""

import pytest
import torch

from saddle.families.binarization import BINARIZATIONS, binarized

GRAY = torch.rand(300, 1, 6, 5, generator=torch.Generator().manual_seed(0))


def uniform(seed: int) -> torch.Tensor:
    return torch.rand(GRAY.shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("how", [one for one in BINARIZATIONS if one != "none"])
def test_what_comes_out_is_black_or_white(how: str) -> None:
    found = binarized(GRAY, how, uniform(1))  # type: ignore[arg-type]
    assert found.shape == GRAY.shape and set(found.unique().tolist()) <= {0.0, 1.0}


def test_dynamic_is_drawn_anew_and_static_once() -> None:
    """Static does not depend on the draws it is given, nor on which other pictures are in the batch."""
    assert not torch.equal(binarized(GRAY, "dynamic", uniform(1)), binarized(GRAY, "dynamic", uniform(2)))
    static = binarized(GRAY, "static", None)
    assert torch.equal(static[:7], binarized(GRAY[:7], "static", None))
    assert torch.equal(static.double(), binarized(GRAY.double(), "static", None))
    assert not torch.equal(static[0], static[1])


@pytest.mark.parametrize("how", ["dynamic", "static"])
def test_a_pixel_is_white_as_often_as_it_is_gray(how: str) -> None:
    """A threshold in place of a draw, or the complement's probability, would show at either end."""
    for level in (0.0, 0.2, 0.5, 0.9, 1.0):
        many = torch.full((2000, 1, 5, 5), level) + torch.arange(2000).reshape(-1, 1, 1, 1) * 0.0
        many[:, 0, 0, 0] = torch.linspace(0, 1, 2000)  # so that no two pictures are the same
        many[:, 0, 1, 0] = torch.linspace(0, 1, 2000).square()
        draws = torch.rand(many.shape, generator=torch.Generator().manual_seed(3))
        white = binarized(many, how, draws)[:, 0, 2:].flatten()  # type: ignore[arg-type]
        assert abs(white.mean().item() - level) < 4 * (level * (1 - level) / len(white)) ** 0.5 + 1e-9


def test_static_draws_are_uniform_and_unrelated() -> None:
    """Neighboring pixels and pictures that differ in one gray level are drawn independently."""
    base = torch.full((1, 1, 20, 20), 0.5).repeat(256, 1, 1, 1)
    base[:, 0, 0, 0] = torch.arange(256) / 255
    drawn = binarized(base, "static", None).flatten(1)[:, 1:]
    between = torch.corrcoef(drawn[:40])
    assert (between - torch.eye(40)).abs().max() < 0.3
    assert abs(torch.corrcoef(torch.stack([drawn[:, :-1].flatten(), drawn[:, 1:].flatten()]))[0, 1].item()) < 0.02


def test_none_and_threshold() -> None:
    assert torch.equal(binarized(GRAY, "none", None), GRAY)
    assert torch.equal(binarized(GRAY, "threshold", None), (GRAY >= 0.5).float())
