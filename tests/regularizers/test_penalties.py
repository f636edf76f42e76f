"""Penalties against closed forms: linear and quadratic critics, whose input gradients are known."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.gradients import score_and_gradient
from saddle.regularizers import R1, R2, GradientPenalty, OneSidedGradientPenalty

SHAPES = ((2,), (9,), (1, 4, 4), (3, 5, 2))


class Linear(nn.Module):
    """c(x) = a.x: its gradient is a everywhere."""

    def __init__(self, a: Tensor) -> None:
        super().__init__()
        self.a = nn.Parameter(a)

    def forward(self, x: Tensor) -> Tensor:
        return (x * self.a).flatten(1).sum(1)


class Quadratic(nn.Module):
    """c(x) = s |x|^2/2: its gradient at x is s x."""

    def __init__(self, s: float) -> None:
        super().__init__()
        self.s = nn.Parameter(torch.tensor(s, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return self.s * x.flatten(1).square().sum(1) / 2


def points(shape: tuple[int, ...], count: int = 6) -> Tensor:
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def of_norm(norm: float, shape: tuple[int, ...]) -> Tensor:
    direction = points(shape, 1)[0]
    return norm * direction / direction.norm()


def penalty(regularizer: Any, critic: nn.Module, x: Tensor) -> Tensor:
    return regularizer.penalty(*score_and_gradient(critic, x))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("norm", [0.3, 1.0, 2.5])
def test_a_linear_critic(shape: tuple[int, ...], norm: float) -> None:
    """The norm runs over all inputs of an example: a mean over inputs would scale it by 1/sqrt(d)."""
    critic, x = Linear(of_norm(norm, shape)), points(shape)
    assert penalty(GradientPenalty(7.0), critic, x).item() == pytest.approx(7 * (norm - 1) ** 2, abs=1e-12)
    assert penalty(OneSidedGradientPenalty(7.0), critic, x).item() == pytest.approx(
        7 * max(0, norm - 1) ** 2, abs=1e-12
    )
    for kind in (R1, R2):
        assert penalty(kind(7.0), critic, x).item() == pytest.approx(7 / 2 * norm**2, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_quadratic_critic(shape: tuple[int, ...]) -> None:
    """The mean over examples is of the function of each norm, not the function of a mean."""
    critic, x = Quadratic(0.7), points(shape)
    norms = 0.7 * x.flatten(1).norm(dim=1)
    assert penalty(GradientPenalty(2.0), critic, x).item() == pytest.approx(2 * ((norms - 1) ** 2).mean().item())
    assert penalty(R1(2.0), critic, x).item() == pytest.approx((norms**2).mean().item())


def test_the_penalties_slope_by_the_weights() -> None:
    """d/ds of gamma/2 E |s x|^2 is gamma s E |x|^2, and of lambda E (|s x| - 1)^2 it is 2 lambda E (s|x| - 1)|x|.

    A gradient taken without its graph would give nothing.
    """
    x = points((3,))
    norms = x.norm(dim=1)
    for regularizer, expected in (
        (R1(3.0), 3 * 0.7 * (norms**2).mean()),
        (GradientPenalty(5.0), 10 * ((0.7 * norms - 1) * norms).mean()),
    ):
        critic = Quadratic(0.7)
        (slope,) = torch.autograd.grad(penalty(regularizer, critic, x), critic.s)
        assert slope.item() == pytest.approx(expected.item())


@pytest.mark.parametrize("regularizer", [GradientPenalty(), OneSidedGradientPenalty(), R1(), R2()])
def test_a_dead_critic_has_finite_slopes(regularizer: Any) -> None:
    """sqrt(0) has an infinite slope: a norm written as a root of a sum of squares would give NaN here."""
    critic = Linear(torch.zeros(4, dtype=torch.float64))
    (slope,) = torch.autograd.grad(penalty(regularizer, critic, points((4,))), critic.a)
    assert bool(torch.isfinite(slope).all())


def test_where_each_penalty_sits() -> None:
    places = {GradientPenalty: "between", OneSidedGradientPenalty: "between", R1: "real", R2: "fake"}
    assert all(kind.at == place for kind, place in places.items())


def test_weights_are_the_papers() -> None:
    assert GradientPenalty() == GradientPenalty(10.0) and R1() == R1(1.0)
    assert saddle.WeightClipping() == saddle.WeightClipping(0.01)


@pytest.mark.parametrize("kind", [GradientPenalty, OneSidedGradientPenalty, R1, R2])
def test_a_negative_weight_is_refused_where_a_model_is_made(kind: Any) -> None:
    with pytest.raises(saddle.InputError, match="greater than or equal to 0"):
        saddle.GAN(regularizers=[kind(-1.0)]).checked()
