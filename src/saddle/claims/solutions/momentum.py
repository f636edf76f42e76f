"""Claim 25: momentum on a clipped critic, and the cosine between its steps and the gradient."""

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.claim import Trial
from saddle.claims.playing import member, play
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Direct, Networks
from saddle.data.gaussians import ring
from saddle.measures import wasserstein
from saddle.networks import MLP
from saddle.objectives import Wasserstein
from saddle.regularizers import WeightClipping
from saddle.training.optimizers import Adam, RMSProp
from saddle.training.state import State

if TYPE_CHECKING:
    pass

BATCH, UPDATES, LATENT = 64, 5, 4
OBJECTIVE = Wasserstein()
WAYS = {"β₁ = 0": 0.0, "β₁ = 0.9": 0.9}
RATES = {"usual rate": 1e-3, "high rate": 1e-2}


def data(draws: Draws) -> Tensor:
    """Points of saddle's ring, shape (n, 2)."""
    angle = torch.floor(8 * draws["mode"]) * (math.pi / 4)
    return torch.cat([angle.cos(), angle.sin()], 1) + 0.01 * draws["noise"]


class Cosines:
    """Records how far each step of an optimizer follows its gradient.

    Attributes:
        seen: for every step the cosine between minus the step and the gradient, one for each member.
    """

    def __init__(self) -> None:
        self.seen: list[Tensor] = []

    def watched(self, build: Callable[[list[Tensor]], torch.optim.Optimizer], members: int) -> Any:
        """The same builder, of optimizers whose steps are recorded."""

        def built(parameters: list[Tensor]) -> torch.optim.Optimizer:
            optimizer = build(parameters)
            held: list[tuple[Tensor, Tensor]] = []

            def before(*_: Any) -> None:
                held.extend((one.detach().clone(), one.grad.clone()) for one in parameters if one.grad is not None)

            def after(*_: Any) -> None:
                steps = [
                    (start - one.detach()).reshape(members, -1)
                    for (start, _), one in zip(held, parameters, strict=True)
                ]
                gradients = [gradient.reshape(members, -1) for _, gradient in held]
                held.clear()
                self.seen.append(torch.cosine_similarity(torch.cat(steps, 1), torch.cat(gradients, 1)))

            optimizer.register_step_pre_hook(before)
            optimizer.register_step_post_hook(after)
            return optimizer

        return built


def game(critic_optimizer: Any, rate: float) -> Problem:
    """A Wasserstein GAN on the ring as in Algorithm 1, but for the critic's optimizer."""

    def fake(networks: Networks, draws: Draws) -> Tensor:
        return networks["generator"](draws["latent"])

    def of_critic(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        critic = networks["critic"]
        return Loss(OBJECTIVE.critic(critic(data(draws)), critic(fake(networks, draws).detach())), {}, {})

    def of_generator(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        scores = networks["critic"](fake(networks, draws))
        return Loss(OBJECTIVE.generator(scores, scores), {}, {})

    latent = {"latent": Noise("normal", (BATCH, LATENT))}
    noise = latent | {"mode": Noise("uniform", (BATCH, 1)), "noise": Noise("normal", (BATCH, 2))}
    clip = WeightClipping(0.1).project
    critic = Player("critic", ("critic",), of_critic, critic_optimizer, noise, repeats=UPDATES, project=clip)
    generator = Player("generator", ("generator",), of_generator, RMSProp(rate).build, latent)
    spec = MLP(width=32, depth=2)
    return Problem(
        networks=lambda: nn.ModuleDict({"generator": spec.generator(LATENT, (2,), 0), "critic": spec.critic((2,), 0)}),
        players=(critic, generator),
        sampler=Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0)),
    )


def distances(state: State) -> list[float]:
    """W₁ between 256 samples of each member and as many of the ring."""
    found = []
    for place, seed in enumerate(state.seeds):
        stream = Stream(seed, ("momentum", "judged"))
        z = torch.randn((256, LATENT), generator=stream.child("latent").torch())
        samples = member(state, place)["generator"](z)
        found.append(wasserstein(samples.numpy(), ring().sample(256, stream.child("data"))).value)
    return found


@cache
def trained(trial: Trial) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By rate and way: cosines (steps, members) and distances (looks, members)."""
    rounds, looks = trial.pick(240, 4_000), 24
    found = {}
    for rate_name, rate in RATES.items():
        for way, beta in WAYS.items():
            cosines, seen = Cosines(), []
            optimizer = cosines.watched(Adam(rate, beta1=beta, beta2=0.99).build, len(trial.seeds))

            def look(state: State, _: Any, seen: list[list[float]] = seen) -> None:
                if state.round % (rounds // looks) == 0:
                    seen.append(distances(state))

            play(game(optimizer, rate), trial.seeds, rounds, watch=look)
            found[f"{way}, {rate_name}"] = torch.stack(cosines.seen).numpy(), np.array(seen)
    return found
