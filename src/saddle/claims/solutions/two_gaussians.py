"""Claim 22: between two Gaussians a discriminator saturates, a Wasserstein critic does not."""

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch import Tensor, nn

from saddle.claims.check import at_most, equal, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.playing import critic_between, member, play
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Noise
from saddle.measures import dual_potential
from saddle.networks import MLP
from saddle.objectives import Minimax, NonSaturating, Objective, Wasserstein
from saddle.regularizers import WeightClipping
from saddle.training.optimizers import Adam, RMSProp
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CENTER = 2.5
"""Data are N(-2.5, 1), samples N(2.5, 1)."""
X = torch.linspace(-6, 6, 601, dtype=torch.float64)
OF_DATA = torch.softmax(-(X + CENTER).square() / 2, 0)
OF_SAMPLES = torch.softmax(-(X - CENTER).square() / 2, 0)
BETWEEN = X.abs() <= CENTER + 2
"""From two standard deviations outside the one center to two outside the other."""


@dataclass(frozen=True)
class Theory:
    """What is claimed.

    Attributes:
        saturating: the objective whose generator's loss goes flat.
        unbounded: what bounds its discriminator: nothing.
        steady: the objective whose critic stays straight.
        bounded: what bounds that critic.
    """

    saturating: Objective
    unbounded: WeightClipping | None
    steady: Objective
    bounded: WeightClipping | None


TRUE = Theory(Minimax(), None, Wasserstein(), WeightClipping(0.05))


@cache
def trained(
    objective: Objective, bound: WeightClipping | None, trial: Trial
) -> tuple[list[nn.Module], list[nn.Module]]:
    """Critics of each seed at half of the training and at its end."""
    rounds = trial.pick(600, 6_000)
    schedule = Cosine(rounds)
    optimizer = RMSProp(5e-3, schedule=schedule) if bound else Adam(1e-2, beta1=0.9, schedule=schedule)
    problem = critic_between(
        lambda draws: draws["real"] - CENTER,
        lambda draws: draws["fake"] + CENTER,
        {name: Noise("normal", (256, 1)) for name in ("real", "fake")},
        loss=objective.critic,
        network=lambda: MLP(width=32, depth=2, activation="tanh").critic((1,), 0),
        optimizer=optimizer,
        project=bound.project if bound else None,
    )
    places = range(len(trial.seeds))
    state = play(problem, trial.seeds, rounds // 2)
    halfway = [member(state, place)["critic"] for place in places]
    state = play(problem, trial.seeds, rounds - rounds // 2, state=state)
    return halfway, [member(state, place)["critic"] for place in places]


def outputs(critic: nn.Module) -> tuple[Tensor, Tensor]:
    """Scores on the grid and their slopes."""
    scores, slopes = score_and_gradient(critic, X.float().unsqueeze(1))
    return scores.double(), slopes.flatten().double()


def pushes(objective: Objective, critic: nn.Module) -> Tensor:
    """How strongly the generator's loss pushes a sample at each point of the grid, through this critic."""

    def loss(one: Tensor) -> Tensor:
        return objective.generator(one, one)

    scores, slopes = outputs(critic)
    return (torch.func.vmap(torch.func.grad(loss))(scores.unsqueeze(1)).squeeze(1) * slopes).abs()


def least_share(push: Tensor) -> float:
    """The least push between the laws as a share of the greatest."""
    return float(push[BETWEEN].min() / push[BETWEEN].max())


def at_samples(push: Tensor) -> float:
    """The mean push on samples as a share of the greatest between the laws."""
    return float(OF_SAMPLES @ push / push[BETWEEN].max())


def straightness(critic: nn.Module) -> float:
    """R² of the line through a critic's scores between the laws."""
    scores, _ = outputs(critic)
    return float(torch.corrcoef(torch.stack([X[BETWEEN], scores[BETWEEN]]))[0, 1] ** 2)


def growth(before: nn.Module, after: nn.Module) -> float:
    """The mean slope of one critic over that of another."""
    first, second = (float(outputs(one)[1][BETWEEN].abs().mean()) for one in (before, after))
    return second / first


def exact_slopes(trial: Trial) -> np.ndarray:
    """Slopes of the exact potential between as many quantiles of both laws, by linear programming."""
    count = trial.pick(200, 2_000)
    quantiles = norm.ppf((np.arange(count) + 0.5) / count)[:, None]
    potential = dual_potential(quantiles - CENTER, quantiles + CENTER)
    x = np.linspace(-CENTER, CENTER, 101)
    return np.diff(potential(x[:, None]).numpy()) / np.diff(x)


def exact_push() -> float:
    """The mean of |d log(1 - D*)/dx| over samples, by quadrature, over its greatest value between the laws."""
    slope = 2 * CENTER

    def push(x: float) -> float:
        return slope / (1 + np.exp(slope * x))

    mean = quad(lambda x: norm.pdf(x, CENTER) * push(x), -8, 12, epsabs=1e-12)[0]
    return mean / push(-CENTER - 2)


def experiment(theory: Theory, trial: Trial) -> Result:
    """A discriminator and a critic trained on the same laws, and what each would tell a generator."""
    _, discriminators = trained(theory.saturating, theory.unbounded, trial)
    halfway, critics = trained(theory.steady, theory.bounded, trial)
    best = torch.sigmoid(-2 * CENTER * X)
    weight = (OF_DATA + OF_SAMPLES) / 2
    flat = [pushes(theory.saturating, one) for one in discriminators]
    steep = [pushes(theory.steady, one) for one in critics]
    slopes = exact_slopes(trial)
    checks = (
        on_every_seed(
            "mean |D - D*| of trained discriminators",
            [float(weight @ (outputs(one)[0].sigmoid() - best).abs()) for one in discriminators],
            "≤",
            0.01,
        ),
        at_most("mean push of log(1 - D*) on samples, share of the greatest, by quadrature", exact_push(), 0.02),
        on_every_seed("the same through trained discriminators", list(map(at_samples, flat)), "≤", 0.02),
        equal("slope of the exact critic, furthest from -1", float(slopes[np.abs(slopes + 1).argmax()]), -1),
        on_every_seed("mean push of trained critics on samples, same share", list(map(at_samples, steep)), "≥", 0.5),
        on_every_seed("least push of critics between the laws, same share", list(map(least_share, steep)), "≥", 0.5),
        on_every_seed("R² of a line through critics", list(map(straightness, critics)), "≥", 0.99),
        on_every_seed(
            "mean slope of critics at the end over that at half of the training",
            [growth(*pair) for pair in zip(halfway, critics, strict=True)],
            "≤",
            1.1,
        ),
    )
    shown = slice(None, None, 6)
    series = {
        "x": X[shown],
        "data": norm.pdf(X[shown], -CENTER),
        "samples": norm.pdf(X[shown], CENTER),
        "best": best[shown],
        "discriminators": [outputs(one)[0].sigmoid()[shown] for one in discriminators],
        "critics": [upright(one)[shown] for one in critics],
        "flat": [(one / one[BETWEEN].max())[shown] for one in flat],
        "steep": [(one / one[BETWEEN].max())[shown] for one in steep],
    }
    return Result(checks, series)


def upright(critic: nn.Module) -> Tensor:
    """Scores moved to zero in the middle and scaled to a mean slope of one between the laws."""
    scores, slopes = outputs(critic)
    return (scores - scores[len(X) // 2]) / slopes[BETWEEN].abs().mean()


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Both networks between the two laws, and what they tell a generator."""
    first, second, third = panels(figure, 3)
    x = series["x"]
    for name, color in (("data", DATA), ("samples", MADE)):
        first.fill_between(x, series[name], color=color, alpha=0.25, lw=0, label=name)
        second.fill_between(x, 8 * np.asarray(series[name]) - 6, -6, color=color, alpha=0.25, lw=0)
    for place, one in enumerate(series["discriminators"]):
        first.plot(x, one, color=SOFT, label="trained D" if place == 0 else None)
    first.plot(x, series["best"], color="black", ls="--", lw=1, label="D*")
    first.set(xlabel="x", ylim=(0, 1.05), title="The discriminator is a step")
    first.legend(loc="upper right")
    for place, one in enumerate(series["critics"]):
        second.plot(x, one, color=THIRD, label="trained critic, rescaled" if place == 0 else None)
    second.plot(x, -np.asarray(x), color="black", ls="--", lw=1, label="exact critic")
    second.set(xlabel="x", ylim=(-6, 6.5), title="The critic is a line")
    second.legend(loc="upper right")
    for name, color, label in (("flat", SOFT, "log(1 - D)"), ("steep", THIRD, "critic")):
        for place, one in enumerate(series[name]):
            third.plot(x, one, color=color, label=label if place == 0 else None)
    third.axvline(CENTER, color=MADE, lw=0.8, ls=":")
    third.text(CENTER + 0.15, 0.3, "samples", color=MADE, fontsize=8.5, va="top")
    third.set(xlabel="x", yscale="log", ylim=(1e-8, 3), title="Push on a sample, of the greatest")
    third.legend(loc="lower left")


CLAIM = Claim(
    slug="two-gaussians",
    title="Between two Gaussians the discriminator saturates, the critic stays a line",
    statement=r"""
Data and samples are two Gaussians of equal width that hardly overlap. The best discriminator is a step between them: 1
on the data, 0 on the samples, flat on both. The generator's loss $\log(1 - D)$ is then flat where the samples lie, and
the better the discriminator, the less it says which way the data are.

The best Wasserstein critic gives the samples a slope instead. One law is the other moved, so all mass has to go the
same way, and of all functions with slope at most 1 the one with slope 1 throughout is best: a line, however far apart
the two lie. (Of unequal widths it would have a kink.) A network with clipped weights comes near to it, up to a scale
that the clipping decides, and training it longer does no harm: a discriminator's slope dies as it improves, a critic's
settles.

The bound does half of the work. Without clipping the critic's scores grow for as long as it is trained, and it is no
line; and a discriminator with weights clipped as tightly does not go flat either, since it cannot become $D^*$.
""",
    formulas=(
        r"\frac{d}{dx} \log(1 - D^*(x)) = - D^*(x)\, \frac{d}{dx} \log \frac{p(x)}{q(x)} \to 0"
        r" \quad \text{on the samples}",
        r"f^* = \mathrm{argmax}_{|f'| \le 1}\; \mathbb{E}_p f - \mathbb{E}_q f, \qquad f^*(x) = -x + \mathrm{const}",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, figure 2, arXiv 1701.07875",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "log-d",
            "Another loss, -log D, goes flat on the samples just as log(1 - D) does.",
            replace(TRUE, saturating=NonSaturating()),
            r"\frac{d}{dx} \left( - \log D^*(x) \right) \to 0 \quad \text{on the samples}",
        ),
        Control(
            "unclipped",
            "The critic needs no bound: the difference of its mean scores alone makes it a line.",
            replace(TRUE, bounded=None),
            r"\mathrm{argmax}_f\; \mathbb{E}_p f - \mathbb{E}_q f",
        ),
        Control(
            "clipped-discriminator",
            "The discriminator goes flat also with weights clipped as tightly as the critic's.",
            replace(TRUE, unbounded=WeightClipping(0.05)),
            r"\mathrm{argmax}_{|w| \le c}\; \mathbb{E}_p \log D + \mathbb{E}_q \log(1 - D) = D^*",
        ),
    ),
    draw=draw,
    size=(10.2, 3.1),
)
