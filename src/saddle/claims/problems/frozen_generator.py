"""A GAN trained for a while, its generator frozen, and a new discriminator trained against it."""

import math
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call, grad, vmap
from torch.nn.functional import softplus

from saddle.claims.claim import Trial
from saddle.claims.playing import CPU, member, play
from saddle.claims.problems.drawn_data import drawing_from
from saddle.core.problem import Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Networks
from saddle.data import open as open_data
from saddle.families.gan.game import Game
from saddle.families.gan.latent import Normal
from saddle.networks import MLP, Convolutional
from saddle.objectives import NonSaturating
from saddle.training.optimizers import Adam
from saddle.training.state import State, start

BATCH, LATENT = 64, 32
EPOCHS = (1, 10, 25)
SUBSET, EXAMINED = 5_000, 512


class Stage(NamedTuple):
    """A discriminator some updates after its start.

    Attributes:
        wrong: the share of wrong answers on data and fresh samples, half each.
        saturating: norm of the gradient of the mean of log(1 - D) by the generator's parameters.
        alternative: of -log D.
        spread: standard deviation over small batches of the norm of that gradient.
    """

    wrong: float
    saturating: float
    alternative: float
    spread: float


class Watched(NamedTuple):
    """What was seen, by epochs of the GAN's training.

    Attributes:
        source: what the data are.
        updates: of the discriminator, at which it was looked at.
        stages: for each number of epochs, each seed's stages.
        coordinates: likewise, gradients of -log D at single samples by some parameters, shape (samples, parameters).
    """

    source: str
    updates: list[int]
    stages: dict[int, list[list[Stage]]]
    coordinates: dict[int, list[np.ndarray]]


def pictures(trial: Trial) -> tuple[str, Tensor]:
    """MNIST at full budget where the environment variable SADDLE_DATA tells where it is, and otherwise digits."""
    folder = Path(os.environ.get("SADDLE_DATA", "")) / "mnist"
    if trial.budget == "full" and "SADDLE_DATA" in os.environ and folder.exists():
        data = open_data(folder, labels=False)
        return f"{SUBSET:,} pictures of MNIST", data.batch(torch.arange(SUBSET))
    data = open_data("digits", labels=False)
    return "digits, 8x8", data.batch(torch.arange(len(data)))


def game(shape: tuple[int, ...], data: Tensor) -> Problem:
    """The GAN: perceptrons for digits, a small DCGAN for larger pictures; the data are drawn as noise is."""
    small = math.prod(shape) <= 256
    network = MLP(width=64, depth=2, activation="leaky-relu") if small else Convolutional(base=8)
    problem = Game(
        NonSaturating(),
        (),
        lambda: (network if small else replace(network, normalization="batch")).generator(LATENT, shape, 0),
        lambda: network.critic(shape, 0),
        Normal(LATENT),
        Adam(1e-3),
        Adam(1e-3),
        critic_updates=1,
        batch=BATCH,
        average=0.0,
        shape=shape,
    ).problem()
    return drawing_from(problem, data, BATCH)


@cache
def watched(trial: Trial) -> Watched:
    """Train, freeze, train a new discriminator and look at it now and then."""
    source, data = pictures(trial)
    problem = game(tuple(data.shape[1:]), data)
    last = trial.pick(300, 4_000)
    updates = [0, *np.unique(np.geomspace(5, last, trial.pick(12, 20)).round().astype(int)).tolist()]
    stages: dict[int, list[list[Stage]]] = {}
    coordinates: dict[int, list[np.ndarray]] = {}
    state = play(problem, trial.seeds, 0)
    for epochs in EPOCHS:
        rounds = math.ceil(epochs * len(data) / BATCH)
        state = play(problem, trial.seeds, rounds - state.round, state=state)
        stages[epochs], coordinates[epochs] = _new_discriminator(problem, state, data, updates)
    return Watched(source, updates, stages, coordinates)


def _new_discriminator(
    problem: Problem, trained: State, data: Tensor, updates: list[int]
) -> tuple[list[list[Stage]], list[np.ndarray]]:
    critic_alone = replace(problem, players=problem.players[:1])
    state = start(critic_alone, trained.seeds, device=CPU, dtype=torch.float32)
    with torch.no_grad():
        for now, then in ((state.params, trained.params), (state.buffers, trained.buffers)):
            for name, value in now.items():
                if name.startswith("generator."):
                    value.copy_(then[name])
    stages: list[list[Stage]] = [[] for _ in trained.seeds]
    for update in updates:
        state = play(critic_alone, state.seeds, update - state.round, state=state)
        for place, seed in enumerate(state.seeds):
            stages[place].append(stage(member(state, place), data, Stream(seed, ("frozen", update))))
    single = [
        single_gradients(member(state, place), Stream(seed, ("single",))) for place, seed in enumerate(state.seeds)
    ]
    return stages, single


def stage(networks: Networks, data: Tensor, stream: Stream, batches: int = 4, size: int = 32) -> Stage:
    """Where this discriminator stands."""
    generator, critic = networks["generator"].requires_grad_(), networks["critic"]
    chosen = torch.randperm(len(data), generator=stream.child("data").torch())[:EXAMINED]
    with torch.no_grad():
        fresh = generator(torch.randn(EXAMINED, LATENT, generator=stream.child("fresh").torch()))
        wrong = 1 - ((critic(data[chosen]) > 0).float().mean() + (critic(fresh) < 0).float().mean()) / 2
    parameters = list(generator.parameters())
    alternative, saturating = [], []
    for z in torch.randn(batches, size, LATENT, generator=stream.torch()):
        scores = critic(generator(z))
        for kept, loss in ((alternative, softplus(-scores)), (saturating, -softplus(scores))):
            found = torch.autograd.grad(loss.mean(), parameters, retain_graph=True)
            kept.append(torch.cat([part.flatten() for part in found]))
    return Stage(
        float(wrong),
        float(torch.stack(saturating).mean(0).norm()),
        float(torch.stack(alternative).mean(0).norm()),
        float(torch.stack([one.norm() for one in alternative]).std()),
    )


def single_gradients(networks: Networks, stream: Stream, samples: int = 400, parameters: int = 50) -> np.ndarray:
    """Of -log D at single samples, by some of the weights of the generator's first layer."""
    generator, critic = networks["generator"], networks["critic"]
    name, weight = next(iter(generator.named_parameters()))
    rest = {key: one for key, one in [*generator.named_parameters(), *generator.named_buffers()] if key != name}
    chosen = torch.randperm(weight.numel(), generator=stream.torch())[:parameters]

    def loss(weight: Tensor, z: Tensor) -> Tensor:
        return softplus(-critic(functional_call(generator, {**rest, name: weight}, (z.unsqueeze(0),)))).squeeze(0)

    z = torch.randn(samples, LATENT, generator=stream.child("latents").torch())
    found = [vmap(grad(loss), (None, 0))(weight.detach(), part).flatten(1)[:, chosen] for part in z.split(100)]
    return torch.cat(found).double().numpy()


def epochs_of(count: int) -> str:
    """So many epochs, in words."""
    return f"{count} epoch{'s' if count > 1 else ''}"
