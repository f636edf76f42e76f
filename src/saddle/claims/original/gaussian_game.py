"""Algorithm 1 on a Gaussian: the code that runs it, and how far the model is from the data as it goes."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import torch
from scipy.stats import norm, wasserstein_distance
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from saddle.claims.playing import member, play
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine
from saddle.training.state import State

CENTER, SPREAD = 2.0, 0.5
M = 256
NO_SAMPLES = Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0))
SHARES = (np.arange(1_000) + 0.5) / 1_000
QUANTILES = norm.ppf(SHARES, CENTER, SPREAD)
EDGES = np.linspace(-4, 6, 101)
CENTERS = (EDGES[1:] + EDGES[:-1]) / 2


@dataclass(frozen=True)
class Rule:
    """What the two players do.

    Attributes:
        climbed: by the discriminator, from the logits of examples and of samples.
        descended: by the generator, from the logits of samples.
    """

    climbed: Callable[[Tensor, Tensor], Tensor]
    descended: Callable[[Tensor], Tensor]


def value(real: Tensor, fake: Tensor) -> Tensor:
    """Mean of log D(x) + log(1 - D(G(z)))."""
    return (logsigmoid(real) + logsigmoid(-fake)).mean()


def rest(fake: Tensor) -> Tensor:
    """Mean of log(1 - D(G(z)))."""
    return logsigmoid(-fake).mean()


TRUE = Rule(value, rest)


class Moved(nn.Module):
    """G(z) = z + what a network makes of z."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, z: Tensor) -> Tensor:
        """Samples (n, 1)."""
        return z + self.network(z)


def players() -> nn.ModuleDict:
    """A new generator and a new discriminator."""
    generator = Moved(MLP(width=16, depth=1, activation="silu").generator(1, (1,), 0))
    return nn.ModuleDict({"G": generator, "D": MLP(width=16, depth=2, activation="silu").critic((1,), 0)})


def algorithm_1(rule: Rule, k: int, rounds: int) -> Problem:
    """The game; D gives logits."""

    def climbing(networks: Networks, batch: Batch, draws: Draws, *_: Any) -> Loss:
        G, D = networks["G"], networks["D"]
        x, z = CENTER + SPREAD * draws["x"], draws["z"]
        return Loss(-rule.climbed(D(x), D(G(z))), {}, {})

    def descending(networks: Networks, batch: Batch, draws: Draws, *_: Any) -> Loss:
        G, D = networks["G"], networks["D"]
        return Loss(rule.descended(D(G(draws["z"]))), {}, {})

    noise = {name: Noise("normal", (M, 1)) for name in ("z", "x")}
    up = Adam(0.02, beta1=0.5, schedule=Cosine(rounds))
    down = Adam(0.01, beta1=0.5, schedule=Cosine(rounds))
    turns = (
        Player("D", ("D",), climbing, up.build, noise, k, schedule=up.settings),
        Player("G", ("G",), descending, down.build, noise, schedule=down.settings),
    )
    return Problem(players, turns, NO_SAMPLES)


ALGORITHM = """
Algorithm 1 (Goodfellow et al. 2014)

for each training iteration:
  for k steps:
    draw m latents z, m examples x
    move D along the gradient of the
    mean of log D(x) + log(1 - D(G(z)))
  draw m latents z
  move G against the gradient of the
  mean of log(1 - D(G(z)))

Here: Adam, m = 256, D in logits.
In the paper: momentum, k = 1.
"""
"""In the words of this course."""


def listing() -> str:
    """The algorithm beside the code that runs it."""
    left = ALGORITHM.strip().splitlines()
    right = inspect.getsource(algorithm_1).rstrip().splitlines()
    width = max(map(len, left)) + 3
    return "\n".join(f"{a:{width}}{b}".rstrip() for a, b in zip_longest(left, right, fillvalue=""))


@dataclass(frozen=True)
class Course:
    """How a game went.

    Attributes:
        rounds: at which it was looked at, the start among them.
        distance: W between model and data, shape (looks, seeds).
        error: mean |D - D*| under (p + q)/2, likewise.
        decided: mean |D - 1/2| under (p + q)/2, likewise.
        frames: what the first seed's picture at some rounds is drawn from.
    """

    rounds: list[int]
    distance: np.ndarray
    error: np.ndarray
    decided: np.ndarray
    frames: list[dict[str, Any]]


def course(rule: Rule, seeds: Sequence[int], k: int, rounds: int, frames: Sequence[int] = ()) -> Course:
    """Play the game and look at it some forty times."""
    problem = algorithm_1(rule, k, rounds)
    every = max(1, rounds // 40)
    looks: list[int] = []
    distance: list[list[float]] = []
    errors: list[list[tuple[float, float]]] = []
    pictures: list[dict[str, Any]] = []

    def look(state: State) -> None:
        if state.round % every == 0 or state.round in frames:
            all_of_them = [member(state, place) for place in range(len(seeds))]
            looks.append(state.round)
            distance.append([distance_of(one) for one in all_of_them])
            errors.append([errors_of(one) for one in all_of_them])
            if state.round in frames:
                pictures.append(frame(all_of_them[0]) | {"round": state.round})

    state = play(problem, seeds, 0)
    look(state)
    play(problem, seeds, rounds, state=state, watch=lambda state, metrics: look(state))
    error, decided = np.moveaxis(np.array(errors), 2, 0)
    return Course(looks, np.array(distance), error, decided, pictures)


def made(networks: Networks, shares: np.ndarray) -> np.ndarray:
    """G at these quantiles of its latent."""
    z = torch.from_numpy(norm.ppf(shares)).float().unsqueeze(1)
    return networks["G"](z).squeeze(1).double().numpy()


def distance_of(networks: Networks) -> float:
    """W between model and data, each as a thousand equally likely points."""
    return float(wasserstein_distance(made(networks, SHARES), QUANTILES))


def in_cells(networks: Networks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """On cells of width 0.1: the data's chance of each, the model's, and D at their centers."""
    shares = (np.arange(20_000) + 0.5) / 20_000
    p = np.diff(norm.cdf(EDGES, CENTER, SPREAD))
    q = np.histogram(made(networks, shares), EDGES)[0] / len(shares)
    d = networks["D"](torch.from_numpy(CENTERS).float().unsqueeze(1)).sigmoid().double().numpy()
    return p, q, d


def errors_of(networks: Networks) -> tuple[float, float]:
    """Mean |D - D*| and mean |D - 1/2| under (p + q)/2."""
    p, q, d = in_cells(networks)
    best = p / np.maximum(p + q, 1e-300)
    weight = (p + q) / 2
    return float(weight @ np.abs(d - best)), float(weight @ np.abs(d - 0.5))


def frame(networks: Networks) -> dict[str, Any]:
    """As figure 1 of the paper: the data, the model, D, and where latents go."""
    p, q, d = in_cells(networks)
    step = EDGES[1] - EDGES[0]
    z = norm.ppf(np.linspace(0.03, 0.97, 15))
    return {"x": CENTERS, "p": p / step, "q": q / step, "D": d, "z": z, "G": made(networks, norm.cdf(z))}
