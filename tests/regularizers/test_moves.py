"""Moves of pictures against what they say, by hand."""

import pytest
import torch
from torch import Tensor

import saddle
from saddle.regularizers.moves import colored, cut_out, shifted, steps, uniforms


def pictures(count: int = 3) -> Tensor:
    return torch.randn(count, 2, 6, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_uniforms_are_uniform_and_independent() -> None:
    noise = torch.randn(20_000, 1, 3, 3, generator=torch.Generator().manual_seed(0))
    found = torch.stack(uniforms(noise, 3))
    assert torch.allclose(found.mean(1), torch.tensor(0.5), atol=0.01)
    assert torch.allclose(torch.cov(found), torch.eye(3) / 12, atol=0.002)


def test_a_shift_by_hand() -> None:
    """Down and right are not exchanged, and what comes in is the fill."""
    x = pictures(1)
    moved = shifted(x, torch.tensor([2]), torch.tensor([-1]), fill=0.0)
    assert torch.equal(moved[0, :, 2:, :-1], x[0, :, :-2, 1:])
    assert not moved[0, :, :2].any() and not moved[0, :, :, -1].any()
    edge = shifted(x, torch.tensor([2]), torch.tensor([0]), fill=None)
    assert torch.equal(edge[0, :, :3], x[0, :, :1].expand(-1, 3, -1))


def test_steps_reach_both_ends_equally() -> None:
    found = steps(torch.rand(70_000, generator=torch.Generator().manual_seed(0)), 3)
    counts = torch.bincount(found + 3, minlength=7)
    assert len(counts) == 7 and (counts - 10_000).abs().max() < 500
    assert steps(torch.tensor([0.0, 1.0]), 3).tolist() == [-3, 3]  # a uniform that rounds to 1 stays inside


def test_colors_by_hand() -> None:
    """Saturation stretches about the mean over channels, contrast about the mean over the picture."""
    x, half = pictures(), torch.full((3,), 0.5, dtype=torch.float64)
    zero, one = torch.zeros_like(half), torch.ones_like(half)
    assert torch.allclose(colored(x, half, half, half), x)
    assert torch.allclose(colored(x, one, half, half), x + 0.5)
    gray = x.mean(1, keepdim=True)
    assert torch.allclose(colored(x, half, zero, half), gray.expand_as(x))
    middle = x.mean((1, 2, 3), keepdim=True)
    assert torch.allclose(colored(x, half, half, zero), middle + (x - middle) / 2)


def test_a_rectangle_of_half_the_sides_is_cut() -> None:
    x = torch.ones(1, 1, 8, 6)
    middle = torch.tensor([0.5])
    hole = (cut_out(x, middle, middle) == 0)[0, 0]
    assert hole.sum() == 4 * 3 and hole.any(1).sum() == 4 and hole.any(0).sum() == 3
    many = cut_out(x.expand(4000, 1, 8, 6), *torch.rand(2, 4000, generator=torch.Generator().manual_seed(0)))
    shares = (many == 0).float().mean((0, 1))
    assert shares.min() > 0.1, "every place is cut out now and then, corners too"


def test_gradients_pass_through_augmentation() -> None:
    x = pictures().requires_grad_()
    noise = torch.randn(3, 2, 6, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    saddle.Augmentation().perturb(x, noise, torch.tensor(0)).sum().backward()
    assert x.grad is not None and x.grad.abs().sum((1, 2, 3)).min() > 0


def test_consistency_by_hand() -> None:
    scores, moved = torch.tensor([1.0, 2.0]), torch.tensor([1.5, 0.0])
    assert saddle.Consistency(3.0).difference(scores, moved).item() == pytest.approx(3 * (0.25 + 4) / 2)
    points, noise = torch.randn(2, 5, 3)
    assert torch.allclose(saddle.Consistency(noise=0.2).moved(points, noise), points + 0.2 * noise)
