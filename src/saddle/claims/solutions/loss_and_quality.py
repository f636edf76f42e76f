"""Claim 23: the Wasserstein critic's loss tracks the quality of samples, the discriminator's does not."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from saddle.claims.check import Check, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, panels
from saddle.claims.playing import member, play
from saddle.claims.problems.drawn_data import drawing_from
from saddle.core.randomness import Stream
from saddle.data import open as open_data
from saddle.families.gan.game import Game
from saddle.families.gan.latent import Normal
from saddle.measures import energy_distance
from saddle.networks import MLP
from saddle.objectives import NonSaturating, Objective, Wasserstein
from saddle.regularizers import GradientPenalty, Regularizer, WeightClipping
from saddle.training.optimizers import Adam, OptimizerSpec, RMSProp
from saddle.training.state import State
from saddle.training.step import Metrics

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LATENT, BATCH, JUDGED, LOOKS = 16, 64, 400, 12
LEARNED = 1_200  # of the 1,797 pictures; the others are what samples are compared with
GAP = "E f(x) - E f(G(z))"
AHEAD = 25  # rounds in which a Wasserstein critic moves alone, as published, so that it begins near its optimum
RATES = (3e-4, 1e-3)  # of the generator
CRITIC_RATE = 1e-3


@dataclass(frozen=True)
class Way:
    """A game and what its critic's loss estimates.

    Attributes:
        objective: of the game.
        regularizers: of the critic.
        updates: of the critic in a round.
        ahead: rounds in which it moves alone.
        optimizer: of either player, from its rate.
        symbol: of what the critic's loss estimates.
    """

    objective: Objective
    regularizers: tuple[Regularizer, ...]
    updates: int
    ahead: int
    optimizer: Callable[[float], OptimizerSpec]
    symbol: str

    def estimate(self, loss: np.ndarray) -> np.ndarray:
        """The distance that the critic's loss amounts to, which it maximizes."""
        return -loss if isinstance(self.objective, Wasserstein) else math.log(2) - loss / 2


WAYS = {
    "penalized critic": Way(
        Wasserstein(), (GradientPenalty(1.0),), 5, AHEAD, lambda rate: Adam(rate, beta1=0.0, beta2=0.9), GAP
    ),
    "clipped critic": Way(Wasserstein(), (WeightClipping(0.05),), 5, AHEAD, RMSProp, GAP),
    "discriminator": Way(NonSaturating(), (), 1, 0, Adam, "lower bound of the JSD"),
}


class Course(NamedTuple):
    """One training: at every look what the critic's loss estimates, and how far samples are from the data."""

    loss: np.ndarray
    distance: np.ndarray


def pictures() -> Tensor:
    """Saddle's digits in model units, shape (1797, 64)."""
    data = open_data("digits")
    return data.batch(torch.arange(len(data))).flatten(1)


def distances(state: State, others: Tensor) -> list[float]:
    """The energy distance of each member's samples to pictures it was not trained on."""
    found = []
    for place, seed in enumerate(state.seeds):
        stream = Stream(seed, ("loss-tracks-quality", state.round))
        fake = member(state, place)["generator"](torch.randn(JUDGED, LATENT, generator=stream.torch()))
        found.append(energy_distance(fake.double().numpy(), others.double().numpy()).value)
    return found


@cache
def trained(name: str, rate: float, trial: Trial) -> tuple[Course, ...]:
    """Each seed's training at one rate, as one population; of the losses between two looks the median, as published."""
    way, data = WAYS[name], pictures()
    network = MLP(width=64, depth=2)
    game = Game(
        way.objective,
        way.regularizers,
        lambda: network.generator(LATENT, (64,), 0),
        lambda: network.critic((64,), 0),
        Normal(LATENT),
        way.optimizer(rate),
        way.optimizer(CRITIC_RATE),
        critic_updates=way.updates,
        batch=BATCH,
        average=0.0,
        shape=(64,),
    )
    span = trial.pick(20, 200)
    problem = drawing_from(game.problem(), data[:LEARNED], BATCH)
    critic, generator = problem.players
    waiting = replace(generator, active=lambda round: round >= way.ahead)
    losses, seen = [], []

    def look(state: State, metrics: Metrics) -> None:
        losses.append(metrics["critic loss"].numpy())
        if state.round > way.ahead and (state.round - way.ahead) % span == 0:
            seen.append(distances(state, data[LEARNED:]))

    play(replace(problem, players=(critic, waiting)), trial.seeds, way.ahead + LOOKS * span, watch=look)
    spans = way.estimate(np.array(losses[way.ahead :])).reshape(LOOKS, span, -1)
    return tuple(Course(*one) for one in zip(np.median(spans, 1).T, np.array(seen).T, strict=True))


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's, over the looks of one training; 0 where one of the two never changes."""
    found = float(np.asarray(spearmanr(a, b))[0])
    return 0.0 if math.isnan(found) else found


def residuals(courses: tuple[Course, ...]) -> list[Course]:
    """What each training has beside the mean of all with the same settings at the same time.

    Beside the mean of the others it would have the same, times n/(n - 1), and the same ranks.
    """
    loss, distance = (np.array([getattr(one, part) for one in courses]) for part in Course._fields)
    return [Course(*pair) for pair in zip(loss - loss.mean(0), distance - distance.mean(0), strict=True)]


def experiment(variant: None, trial: Trial) -> Result:
    """Rank correlations over time of two rates x all seeds, in each game."""
    checks: list[Check] = []
    series: dict[str, Any] = {"rounds": LOOKS * trial.pick(20, 200), "curves": {}}
    for name in WAYS:
        runs = [trained(name, rate, trial) for rate in RATES]
        series["curves"][name] = {f"{rate:g}": runs[place][0]._asdict() for place, rate in enumerate(RATES)}
        checks += compared(name, runs)
    return Result(tuple(checks), series)


def compared(name: str, runs: list[tuple[Course, ...]]) -> list[Check]:
    """The correlations of one game over its trainings, with the trend in time and without it."""
    tracks = isinstance(WAYS[name].objective, Wasserstein)
    says = "the loss falls as samples get better" if tracks else "the estimate stays or rises as samples get better"
    sides = {"as they are": (runs, False), "without the trend": (list(map(residuals, runs)), True)}
    return [
        of_seeds(
            f"{name}: rank correlation of loss and distance, {side}",
            np.array([[rank_correlation(one.loss, one.distance) for one in courses] for courses in found]),
            "≥" if tracks else "≤",
            f"{says} (figure {3 if tracks else 4})",
            shared=shared,
        )
        for side, (found, shared) in sides.items()
    ]


def of_seeds(
    what: str, correlations: np.ndarray, relation: Literal["≤", "≥"], published: str, *, shared: bool
) -> Check:
    """The mean of correlations (rates, seeds), judged over seeds: the trainings of one seed are no two witnesses.

    Args:
        what: the quantity.
        correlations: of every training.
        relation: how the mean must stand to zero.
        published: what the paper saw.
        shared: whether they are of residuals from a mean over the n seeds. Those of two seeds correlate by -1/(n - 1),
            so that of unrelated curves the rank correlations of two seeds correlate by 1/(n - 1)². This widens the
            interval by the root of (n - 1)/(n - 2); two seeds are mirror images and say nothing.
    """
    rates, seeds = correlations.shape
    plain = over_seeds(what, correlations.mean(0).tolist(), relation, 0, published=published)
    reach = plain.high - plain.value
    if shared:
        reach = reach * math.sqrt((seeds - 1) / (seeds - 2)) if seeds > 2 else math.inf
    test = f"{plain.test}, {rates * seeds} trainings of {seeds} seed{'' if seeds == 1 else 's'}"
    return replace(plain, low=plain.value - reach, high=plain.value + reach, test=test)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Loss and distance in time at the higher rate."""
    axes = panels(figure, 3)
    for place, (name, way) in enumerate(WAYS.items()):
        one = series["curves"][name][f"{RATES[-1]:g}"]
        rounds = np.linspace(0, series["rounds"], LOOKS + 1)[1:]
        axes[place].plot(rounds, one["loss"], color=MADE)
        axes[place].set(xlabel="rounds", title=name.capitalize())
        axes[place].set_ylabel(way.symbol, color=MADE)
        other = axes[place].twinx()
        other.plot(rounds, one["distance"], color=DATA)
        if name == [*WAYS][-1]:
            other.set_ylabel("energy distance to data", color=DATA)
        other.tick_params(axis="y", colors=DATA)
        other.set_ylim(bottom=0)
        other.spines["right"].set_visible(True)


CLAIM = Claim(
    slug="loss-tracks-quality",
    title="Whether the critic's loss tracks the quality of samples, and the discriminator's",
    statement=r"""
The Wasserstein critic is trained to a supremum over a fixed set of functions, so what it reaches is, up to a factor, a
distance between data and samples: as the generator gets better, it falls. The discriminator reaches a lower bound of
the Jensen-Shannon divergence, and where the supports hardly meet that is $\log 2$ whether samples are good or bad. The
Wasserstein GAN's authors plotted both beside samples and found the first to follow their quality and the second to stay
or even to rise while they improved.

Two curves that both fall in time correlate whether or not they have anything to do with each other. So the question is
asked twice: of the curves as they are, and of what is left of each when the mean of all trainings with the same
settings at the same time is taken away. Each seed plays at two rates and counts once, by its mean correlation. The
distance is the energy distance between samples and pictures that nobody trained on; correlations are Spearman's, over
the looks of one training; of the losses between two looks the median counts, as in the paper. Its critic was clipped
and far more slowly trained than a short run allows: a clipped critic that cannot keep up with its generator tracks
nothing. So the same game is played with a gradient penalty too.
""",
    formulas=(
        r"\text{critic: } \max_{f} \mathbb{E} f(x) - \mathbb{E} f(G(z)), \qquad"
        r" \text{discriminator: } \log 2 + \tfrac{1}{2} \max_D V(D, G) \le \mathrm{JSD}(p, p_g)",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, figures 3 and 4, arXiv 1701.07875",
    experiment=experiment,
    draw=draw,
    kind="observation",
    size=(11.0, 2.9),
)
