"""Over 1-Lipschitz functions on a finite metric space, the Wasserstein objective reaches the cost of transport."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from scipy.stats import wasserstein_distance
from torch import Tensor
from torch.func import grad

from saddle.objectives import Wasserstein

P_COUNTS = np.array([20, 5, 1, 30, 4, 0])
Q_COUNTS = np.array([3, 25, 2, 10, 10, 10])
REAL = torch.from_numpy(np.repeat(np.arange(6), P_COUNTS))
FAKE = torch.from_numpy(np.repeat(np.arange(6), Q_COUNTS))
SPACES = {
    "a line": np.array([[0.0], [1.0], [1.5], [4.0], [4.2], [7.0]]),
    "the plane": np.array([[0.0, 0.0], [1.0, 2.0], [-1.0, 0.5], [3.0, 3.0], [0.2, -2.0], [2.0, -1.0]]),
}


def distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def transport(points: np.ndarray) -> float:
    """The least cost of moving p to q, over couplings: the primal program."""
    n, cost = len(points), distances(points)
    rows, columns = np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))
    found = linprog(cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([P_COUNTS, Q_COUNTS]) / 60)
    return found.fun


@dataclass(frozen=True)
class Best:
    """The best critic over 1-Lipschitz functions, and its loss."""

    potential: Tensor
    loss: float


def best_lipschitz(critic: Callable[[Tensor, Tensor], Tensor], points: np.ndarray) -> Best:
    """The loss is linear in the scores, so its slope and the constraints |f_i - f_j| <= d_ij make a linear program."""
    n, cost = len(points), distances(points)
    slope = grad(lambda scores: critic(scores[REAL], scores[FAKE]))(torch.zeros(n, dtype=torch.float64))
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    differences = np.zeros((len(pairs), n))
    for row, (i, j) in enumerate(pairs):
        differences[row, [i, j]] = 1, -1
    bounds = [(0, 0)] + [(None, None)] * (n - 1)
    found = linprog(slope.numpy(), A_ub=differences, b_ub=[cost[i, j] for i, j in pairs], bounds=bounds)
    potential = torch.from_numpy(found.x)
    return Best(potential, critic(potential[REAL], potential[FAKE]).item())


def verify(critic: Callable[[Tensor, Tensor], Tensor], points: np.ndarray) -> None:
    best = best_lipschitz(critic, points)
    assert -best.loss == pytest.approx(transport(points), abs=1e-9)
    expected = (P_COUNTS - Q_COUNTS) / 60 @ best.potential.numpy()
    assert -best.loss == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("space", SPACES)
def test_the_best_lipschitz_critic_reaches_the_transport_cost(space: str) -> None:
    verify(Wasserstein().critic, SPACES[space])


def test_on_a_line_it_is_scipys_distance() -> None:
    points = SPACES["a line"]
    expected = wasserstein_distance(points[:, 0], points[:, 0], P_COUNTS, Q_COUNTS)
    assert -best_lipschitz(Wasserstein().critic, points).loss == pytest.approx(expected, abs=1e-9)


def test_the_generator_raises_its_scores() -> None:
    """With the sign exchanged the generator would help the critic."""
    slope = grad(lambda fake: Wasserstein().generator(fake, fake))(torch.zeros(4, dtype=torch.float64))
    assert torch.allclose(slope, torch.full((4,), -0.25, dtype=torch.float64))


MUTANTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    # The distance is symmetric, so its value alone would not show exchanged roles; the potential does.
    "roles exchanged": lambda real, fake: real.mean() - fake.mean(),
    "sums for means": lambda real, fake: fake.sum() - real.sum(),
    "half of it": lambda real, fake: (fake.mean() - real.mean()) / 2,
    "data alone": lambda real, fake: -real.mean(),
}


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.parametrize("space", SPACES)
def test_wrong_losses_are_caught(name: str, space: str) -> None:
    with pytest.raises(AssertionError):
        verify(MUTANTS[name], SPACES[space])
