"""The Sinkhorn divergence against another solver, and where it is known."""

import numpy as np
import ot
import pytest
import torch
from torch import Tensor

import saddle
from saddle.objectives import Sinkhorn

EPSILON = 0.3
CONVERGED = Sinkhorn(EPSILON, 400)


def batches(n: int = 9, m: int = 11, d: int = 3) -> tuple[Tensor, Tensor]:
    """Neither centered nor of unit scale."""
    draw = torch.Generator().manual_seed(0)
    x, y = torch.randn(n + m, d, generator=draw, dtype=torch.float64).split((n, m))
    return 4 + 3 * x, 2 + y


def square_of_spread(x: Tensor) -> float:
    """The mean square distance between different rows."""
    return torch.pdist(x).square().mean().item()


def entropic(x: Tensor, y: Tensor, epsilon: float) -> float:
    """The cost of another library's plan plus epsilon times the plan's divergence from independence."""
    a, b = np.full(len(x), 1 / len(x)), np.full(len(y), 1 / len(y))
    costs = ot.dist(x.numpy(), y.numpy())
    plan = ot.sinkhorn(a, b, costs, epsilon, method="sinkhorn_log", stopThr=1e-13, numItermax=20_000)
    return float(np.sum(plan * costs) + epsilon * np.sum(plan * np.log(plan / np.outer(a, b))))


def test_it_is_the_debiased_cost_of_another_solver() -> None:
    """Without one of the corrections, with twice the value, the bare cost of the plan, or another unit it differs."""
    x, y = batches()
    unit = square_of_spread(x)
    corrections = (entropic(x, x, EPSILON * unit) + entropic(y, y, EPSILON * unit)) / 2
    expected = (entropic(x, y, EPSILON * unit) - corrections) / unit
    assert CONVERGED.distance(x, y).item() == pytest.approx(expected, rel=1e-7)


def test_it_is_the_measure() -> None:
    x, y = batches(40, 50)
    unit = square_of_spread(x)
    measured = saddle.measures.sinkhorn_divergence(y.numpy(), x.numpy(), p=2, epsilon=EPSILON * unit).value
    assert CONVERGED.distance(x, y).item() == pytest.approx(measured / unit, rel=1e-6)


def test_its_gradient_by_samples_is_that_of_finite_differences() -> None:
    """A plan of the wrong marginal, or potentials' gradients counted twice, would show."""
    x, y = batches()
    leaf, step = y.clone().requires_grad_(), 1e-4
    (slope,) = torch.autograd.grad(CONVERGED.distance(x, leaf), leaf)
    for at in np.ndindex(tuple(y.shape)):
        shift = torch.zeros_like(y)
        shift[at] = step
        expected = (CONVERGED.distance(x, y + shift) - CONVERGED.distance(x, y - shift)).item() / (2 * step)
        assert slope[at].item() == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("iterations", [1, 3, 50])
def test_equal_batches_have_none_however_few_iterations(iterations: int) -> None:
    x, y = batches()
    assert Sinkhorn(0.05, iterations).distance(x, x.clone()).item() == 0.0
    assert Sinkhorn(0.05, iterations).distance(x, x.flip(0)).item() == pytest.approx(0.0, abs=1e-12)
    assert Sinkhorn(0.05, iterations).distance(x, y).item() > 0.01


@pytest.mark.parametrize("epsilon", [0.1, 1.0])
def test_a_shift_costs_its_square(epsilon: float) -> None:
    """Whatever epsilon: the bias that the entropy brings does not depend on where a batch is."""
    x, _ = batches()
    shift = torch.tensor([3.0, -1.0, 2.0], dtype=torch.float64)
    value = Sinkhorn(epsilon, 500).distance(x, x + shift).item()
    assert value == pytest.approx(14 / square_of_spread(x), rel=1e-6)


def test_short_of_convergence_a_cost_is_too_small() -> None:
    """Each potential found is a feasible dual one, so the cost of transport is approached from below."""
    x, y = batches()
    costs = torch.cdist(x, y).square() / square_of_spread(x)
    found = [Sinkhorn(0.02, iterations)._transport(costs).item() for iterations in (1, 5, 20, 3000)]
    assert all(one <= found[-1] + 1e-9 for one in found) and found[0] < found[-1]
