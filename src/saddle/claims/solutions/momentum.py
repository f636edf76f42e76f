"""Claim 25: momentum on a clipped critic, and the cosine between its steps and the gradient."""

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.check import Check, estimated, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
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
    from matplotlib.figure import Figure

BATCH, UPDATES, LATENT, LOOKS, EACH = 64, 5, 4, 10, 4
OBJECTIVE = Wasserstein()
WAYS = {"β₁ = 0": 0.0, "β₁ = 0.9": 0.9}
RATES = {"usual rate": 1e-3, "high rate": 1e-2}


Trained = dict[str, tuple[np.ndarray, np.ndarray]]


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
                pairs = list(zip(held, parameters, strict=True))
                steps = [(start - one.detach()).reshape(members, -1) for (start, _), one in pairs]
                gradients = [gradient.reshape(members, -1) for (_, gradient), _ in pairs]
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
    """W₁ between 128 samples of each member and as many of the ring."""
    found = []
    for place, seed in enumerate(state.seeds):
        stream = Stream(seed, ("momentum", "judged"))
        z = torch.randn((128, LATENT), generator=stream.child("latent").torch())
        samples = member(state, place)["generator"](z)
        found.append(wasserstein(samples.numpy(), ring().sample(128, stream.child("data"))).value)
    return found


@cache
def trained(trial: Trial) -> Trained:
    """By rate and way: cosines (steps, members) and distances (looks, members)."""
    seeds = [EACH * seed + place for seed in trial.seeds for place in range(EACH)]
    rounds, looks = trial.pick(150, 1_500), LOOKS
    found = {}
    for rate_name, rate in RATES.items():
        for way, beta in WAYS.items():
            cosines, seen = Cosines(), []
            optimizer = cosines.watched(Adam(rate, beta1=beta, beta2=0.99).build, len(seeds))

            def look(state: State, _: Any, seen: list[list[float]] = seen) -> None:
                if state.round % (rounds // looks) == 0:
                    seen.append(distances(state))

            play(game(optimizer, rate), seeds, rounds, watch=look)
            found[f"{way}, {rate_name}"] = torch.stack(cosines.seen).numpy(), np.array(seen)
    return found


def late(distance: np.ndarray) -> np.ndarray:
    """Each member's mean distance over the last third of the looks."""
    return distance[-(LOOKS // 3) :].mean(0)


def changes(cosine: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The change of log distance from look to look: where a step between went against the gradient, and elsewhere."""
    steps = cosine.reshape(LOOKS, -1, cosine.shape[1])[1:]
    against = (steps < 0).any(1)
    change = np.diff(np.log(distance), axis=0)
    return change[against], change[~against]


def compared(rate: str, sign: Literal["≤", "≥"], published: str, found: Trained) -> list[Check]:
    """With momentum beside without, at one rate; the sign that the paper says the least cosine has there."""
    (_, plain), (cosine, heavy) = (found[f"{way}, {rate}"] for way in WAYS)
    return [
        over_seeds(
            f"log ratio of the distance to the data with momentum to that without, {rate}",
            list(np.log(late(heavy) / late(plain))),
            "≥",
            0,
            published="worse with momentum (section 4)",
        ),
        over_seeds(
            f"least cosine of a training with momentum, {rate}", list(cosine.min(0)), sign, 0, published=published
        ),
    ]


def experiment(variant: None, trial: Trial) -> Result:
    """The same game with and without momentum of the critic, at two rates, from the same starts."""
    found = trained(trial)
    usual, high = RATES
    pairs = [changes(*found[f"β₁ = 0.9, {rate}"]) for rate in RATES]
    against, along = (np.concatenate(one) for one in zip(*pairs, strict=True))
    enough = len(against) > 1
    checks = (
        *compared(usual, "≥", "negative only where training is unstable (section 4)", found),
        *compared(high, "≤", "negative where training is unstable (section 4)", found),
        estimated(
            "rise of log distance between looks where a cosine was negative, over that elsewhere",
            float(against.mean() - along.mean()) if enough else 0.0,
            math.sqrt(against.var() / len(against) + along.var() / len(along)) if enough else math.inf,
            "≥",
            0,
            published="negative as samples got worse (section 4)",
            counted=f"{len(against)} and {len(along)} spans of training",
        ),
    )
    series = {
        "cosine": {name: parts(cosine) for name, (cosine, _) in found.items()},
        "distance": {
            name: {"mean": one.mean(1), "low": one.min(1), "high": one.max(1)} for name, (_, one) in found.items()
        },
    }
    return Result(checks, series)


def parts(cosine: np.ndarray) -> dict[str, np.ndarray]:
    """Mean and least cosine in each of thirty parts of the training."""
    steps = cosine.reshape(30, -1)
    return {"mean": steps.mean(1), "least": steps.min(1)}


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Distances and cosines, with and without momentum, at both rates."""
    axes = panels(figure, 4)
    for place, rate in enumerate(RATES):
        distance, cosine = axes[2 * place], axes[2 * place + 1]
        for way, color in zip(WAYS, (DATA, MADE), strict=True):
            found, seen = series["distance"][f"{way}, {rate}"], series["cosine"][f"{way}, {rate}"]
            share = np.linspace(0, 100, len(found["mean"]) + 1)[1:]
            distance.fill_between(share, found["low"], found["high"], color=color, alpha=0.15, lw=0)
            distance.plot(share, found["mean"], color=color, label=way)
            spans = np.linspace(0, 100, len(seen["mean"]) + 1)[1:]
            cosine.plot(spans, seen["mean"], color=color, label="mean")
            cosine.plot(spans, seen["least"], color=color, lw=0.9, ls=":", label="least")
        distance.set(xlabel="% of training", ylabel="W₁ to the data", ylim=(0, 2.2), title=f"Distance, {rate}")
        cosine.axhline(0, color=SOFT, lw=0.8)
        cosine.set(xlabel="% of training", ylabel="cosine", ylim=(-1, 1), title=f"Step and gradient, {rate}")
    axes[0].legend(loc="upper right")
    axes[1].legend(*(one[:2] for one in axes[1].get_legend_handles_labels()), loc="lower left")


CLAIM = Claim(
    slug="momentum",
    title="Momentum on a clipped critic",
    statement=r"""
The critic's loss changes with every step of the generator, so the gradients that momentum remembers belong to a game
that is over. The Wasserstein GAN's authors found that Adam with $\beta_1 > 0$, or a high learning rate, makes the
training of a clipped critic unstable at times, that samples get worse, and that then the cosine between Adam's step and
the gradient turns negative: the step makes the critic's loss worse. They chose RMSProp, which has no momentum.

Here the same game, on the ring, is played from the same starts with Adam at $\beta_1 = 0$ and at $\beta_1 = 0.9$, at a
usual rate and at one ten times as high; all else is Algorithm 1, with weights clipped to $\pm 0.1$. Without momentum
the cosine cannot be negative, since each number of the gradient only gets another positive factor.
""",
    formulas=(
        r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t, \qquad"
        r" \cos(s_t, g_t) = \frac{\langle s_t, g_t \rangle}{\|s_t\| \|g_t\|}, \quad s_t = \frac{m_t}{\sqrt{v_t}}",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, section 4, arXiv 1701.07875",
    experiment=experiment,
    draw=draw,
    kind="observation",
    size=(11.2, 2.9),
)
