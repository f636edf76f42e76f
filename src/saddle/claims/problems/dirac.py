"""The Dirac-GAN: one number against one number, played by saddle's own GAN game."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.playing import play
from saddle.core.noise import Draws
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Networks
from saddle.families.gan.game import Game
from saddle.families.gan.latent import Normal
from saddle.objectives import Objective
from saddle.regularizers import Regularizer
from saddle.training.optimizers import SGD

POINTS = 16


class Point(nn.Module):
    """The generator: all its samples are at θ."""

    def __init__(self, size: float | None) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.ones(()) if size is None else size * torch.randn(()))

    def forward(self, z: Tensor) -> Tensor:
        """θ, once for each latent."""
        return self.theta.expand(len(z), 1)


class Slope(nn.Module):
    """The critic: the score of x is ψx."""

    def __init__(self, size: float | None) -> None:
        super().__init__()
        self.psi = nn.Parameter(torch.ones(()) if size is None else size * torch.randn(()))

    def forward(self, x: Tensor) -> Tensor:
        """ψx."""
        return self.psi * x.flatten()


def dirac(
    objective: Objective, regularizers: tuple[Regularizer, ...], rate: float, size: float | None = None
) -> Problem:
    """The game with all data at 0, by gradient descent of both players in turn, critic first.

    Noise of the game is no noise here: normal numbers are replaced by quantiles with mean 0 and variance 1, so that
    its orbits are those of the expected gradients to the order that their linearization sees.

    Args:
        objective: what both minimize.
        regularizers: of the critic.
        rate: of both.
        size: standard deviation of both numbers at the start; None starts at (1, 1).
    """
    game = Game(
        objective,
        regularizers,
        lambda: Point(size),
        lambda: Slope(size),
        Normal(1),
        SGD(rate, momentum=0.0),
        SGD(rate, momentum=0.0),
        critic_updates=1,
        batch=POINTS,
        average=0.0,
        shape=(1,),
    )
    problem = game.problem()
    return replace(problem, players=tuple(map(_without_chance, problem.players)))


def _without_chance(player: Player) -> Player:
    quantiles = np.array([NormalDist().inv_cdf((place + 0.5) / POINTS) for place in range(POINTS)])
    normal = torch.from_numpy(quantiles / quantiles.std())
    even = torch.full((POINTS,), 0.5, dtype=torch.float64)
    draws = {
        name: normal.reshape(noise.shape) if noise.kind == "normal" else even for name, noise in player.noise.items()
    }
    data = torch.zeros(POINTS, 1, dtype=torch.float64)

    def loss(networks: Networks, batch: Batch, nothing: Draws, carry: dict[str, Tensor]) -> Loss:
        return player.loss(networks, batch._replace(x=data), draws, carry)

    return replace(player, loss=loss, noise={})


def orbits(problem: Problem, seeds: tuple[int, ...], rounds: int) -> np.ndarray:
    """(θ, ψ) at the start and after each round, shape (rounds + 1, seeds, 2)."""
    state = play(problem, seeds, 0, dtype=torch.float64)
    found: list[Tensor] = []

    def note(*_: object) -> None:
        pair = torch.stack([state.params["generator.theta"], state.params["critic.psi"]], -1)
        found.append(pair.detach().clone().reshape(len(seeds), 2))

    note()
    play(problem, seeds, rounds, state=state, watch=note, dtype=torch.float64)
    return torch.stack(found).numpy()


def eigenvalues(orbit: np.ndarray, rate: float) -> tuple[complex, complex]:
    """Of the vector field of the game at (0, 0), from small orbits around it.

    Least squares gives the matrix A of a round. Where the generator's own second derivative is zero, as it is here,
    a round in turn has det A = 1 + h (λ₁ + λ₂) and tr A = 1 + det A - h² λ₁ λ₂ at rate h, to be solved for both λ.
    """
    before, after = orbit[:-1].reshape(-1, 2), orbit[1:].reshape(-1, 2)
    matrix = np.linalg.lstsq(before, after, rcond=None)[0].T
    determinant, trace = float(np.linalg.det(matrix)), float(np.trace(matrix))
    total, product = (determinant - 1) / rate, (1 + determinant - trace) / rate**2
    root = complex(total**2 / 4 - product) ** 0.5
    return total / 2 + root, total / 2 - root
