"""Claim 7: with the best discriminator the value is 2 JSD - log 4, least where the model is the data."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.special import log_expit
from torch import Tensor, nn
from torch.distributions import Categorical, MixtureSameFamily, Normal

from saddle.claims.check import at_least, at_most, equal, furthest, greatest, least, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.original.finite_game import against, best_model, best_response, mixed, payoffs
from saddle.claims.original.optimal_discriminator import data_density, value
from saddle.claims.playing import critic_between, member, play
from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.measures import js_divergence, total_variation
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHIFTS = (0.0, 0.75, 1.5, 3.0, 4.5)
BATCH = 256


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        value: of the game with the best discriminator, from JSD.
        orders: of a table of payoffs, min max and max min.
    """

    value: Callable[[float], float]
    orders: Callable[[np.ndarray], tuple[float, float]]


def true_value(divergence: float) -> float:
    """2 JSD - log 4."""
    return 2 * divergence - math.log(4)


def with_chances(payoff: np.ndarray) -> tuple[float, float]:
    """Both players draw their moves with the best chances."""
    return mixed(payoff), -mixed(-payoff.T)


def without_chances(payoff: np.ndarray) -> tuple[float, float]:
    """Both players make one move."""
    return float(payoff.max(axis=1).min()), float(payoff.min(axis=0).max())


TRUE = Formulas(true_value, with_chances)


class Beside(nn.Module):
    """One critic for each column of points (n, columns), to scores (n, columns): several games at once."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        spec = MLP(width=16, depth=2, activation="silu")
        self.critics = nn.ModuleList(spec.critic((1,), 0) for _ in range(columns))

    def forward(self, x: Tensor) -> Tensor:
        """Each column's scores."""
        return torch.stack([critic(x[:, [place]]) for place, critic in enumerate(self.critics)], dim=1)


def law(shift: float) -> MixtureSameFamily:
    """The data's law, shifted: that of the model."""
    centers = torch.tensor([-1.5, 1.5], dtype=torch.float64) + shift
    return MixtureSameFamily(Categorical(torch.ones(2).double()), Normal(centers, torch.full((2,), 0.6).double()))


@cache
def divergence_at(shift: float) -> float:
    """JSD of the data and the model, by quadrature."""
    return js_divergence(law(0.0), law(shift)).value


def drawn(draws: Draws, which: str) -> Tensor:
    """Examples of the data, shape (n, columns)."""
    side = (draws[f"{which} side"] < 0.5).to(draws[which].dtype) * 2 - 1
    return 1.5 * side + 0.6 * draws[which]


@cache
def trained_values(trial: Trial) -> np.ndarray:
    """V of trained discriminators by quadrature, shape (seeds, shifts); they saw samples alone."""
    rounds = trial.pick(500, 8_000)
    shape = (BATCH, len(SHIFTS))
    noise = {which: Noise("normal", shape) for which in ("real", "fake")}
    noise |= {f"{which} side": Noise("uniform", shape) for which in ("real", "fake")}
    problem = critic_between(
        lambda draws: drawn(draws, "real"),
        lambda draws: drawn(draws, "fake") + torch.tensor(SHIFTS),
        noise,
        loss=value,
        network=lambda: Beside(len(SHIFTS)),
        optimizer=Adam(2e-2, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = np.linspace(-7, 12, 3801)
    points = torch.from_numpy(x).float().unsqueeze(1).expand(-1, len(SHIFTS))
    models = data_density(x[:, None] - np.array(SHIFTS))
    found = []
    for place in range(len(trial.seeds)):
        scores = member(state, place)["critic"](points).double().numpy()
        found.append(
            np.trapezoid(data_density(x)[:, None] * log_expit(scores) + models * log_expit(-scores), x, axis=0)
        )
    return np.array(found)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formula, from JSD, against optimizers, trained networks and linear programs, which know only V."""
    lowest = formulas.value(0.0)
    draw = Stream(trial.seeds[0], ("laws",)).numpy()
    gaps, room, reached, apart, gain = [], [], [], [], []
    for _ in range(trial.pick(40, 400)):
        p, q = draw.dirichlet(np.ones(draw.integers(2, 12)), 2).clip(1e-9)
        p, q = p / p.sum(), q / q.sum()
        best, _ = best_response(p, q)
        gaps.append(best - formulas.value(float(js_divergence(p, q))))
        room.append(best - lowest - float(total_variation(p, q)) ** 2)
        best_value, model = best_model(p, draw.normal(size=len(p)))
        reached.append(best_value)
        apart.append(float(total_variation(p, model)))
        half = np.full(len(p), 0.5)
        gain.append(furthest([best_response(p, p)[0] - lowest, lowest - against(p, half)]))
    payoff = payoffs(np.array([0.5, 0.3, 0.2]))
    first, second = formulas.orders(payoff)
    claimed = [formulas.value(divergence_at(shift)) for shift in SHIFTS]
    found = trained_values(trial)
    over = found - claimed
    checks = (
        equal("max V over D and the formula, greatest difference of all pairs", furthest(gaps), 0),
        on_every_seed("|V of trained D - formula|", np.abs(over).max(axis=1).tolist(), "≤", 0.01),
        at_most("V of trained D - formula, greatest of all", over.max(), 0, within=1e-9),
        equal("min max V from random models, greatest of all", greatest(reached), lowest),
        equal("total variation of that model and the data, greatest of all", greatest(apart), 0, within=1e-6),
        at_least("max V over D - min max V - TV², least of all models", least(room), 0, within=1e-9),
        equal("what a player gains alone at q = p, D = 1/2, greatest of all", furthest(gain), 0),
        equal("min max of the finite game and its max min", first, second),
        equal("max min of the finite game", second, lowest),
    )
    return Result(checks, series_of(formulas, found) | {"orders": [*with_chances(payoff), *without_chances(payoff)]})


def series_of(formulas: Formulas, found: np.ndarray) -> dict[str, Any]:
    """What the picture shows beside the finite game: the value along shifts, and on a game of two numbers."""
    shifts = np.linspace(-1, 6, 57)
    side = np.linspace(0.2, 0.8, 25)
    t, d = np.meshgrid(side, side, indexing="ij")
    return {
        "shift": shifts,
        "formula": [formulas.value(divergence_at(float(one))) for one in shifts],
        "least": formulas.value(0.0),
        "at": SHIFTS,
        "trained": found,
        "side": side,
        "two numbers": (1.5 - t) * np.log(d) + (0.5 + t) * np.log(1 - d),
        "answer": (1.5 - side) / 2,
    }


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The value along shifts of the model; the saddle of the smallest game; the two orders of the finite one."""
    first, second, third = panels(figure, 3)
    first.axhline(series["least"], color=SOFT, lw=0.8, ls=":")
    first.text(6, series["least"] + 0.03, "-log 4", color=SOFT, ha="right")
    first.plot(series["shift"], series["formula"], color=DATA, label="2 JSD - log 4")
    for place, one in enumerate(series["trained"]):
        label = "V of trained D, each seed" if place == 0 else None
        first.plot(series["at"], one, "o", color=MADE, ms=4, mfc="none", label=label)
    first.set(xlabel="model = data shifted by", ylabel="value", title="The value is least where q = p")
    first.set_ylim(-1.55, 0.35)
    first.legend(loc="upper left")
    above = np.array(series["two numbers"]).T - series["least"]
    second.contourf(series["side"], series["side"], above, np.linspace(-0.16, 0.16, 17), cmap="RdBu", extend="both")
    second.plot(series["side"], series["answer"], color="black", label="D's best answer")
    second.axhline(0.5, color="black", ls="--", label="no model is better")
    second.plot(0.5, 0.5, "o", color="black", ms=5)
    second.set(
        xlabel="q(2), the model's share of point 2", ylabel="D(2) = 1 - D(1)", title="Two points: a saddle at q = p"
    )
    second.legend(loc="lower left", frameon=True, framealpha=0.9, edgecolor="white")
    rows = {"mixed\nmoves": series["orders"][:2], "single\nmoves": series["orders"][2:]}
    for row, (fewest, most) in enumerate(rows.values()):
        third.plot([fewest, most], [row, row], color=SOFT, lw=1)
        third.plot(fewest, row, "o", color=DATA, ms=9, mfc="none", mew=1.6, label="min max" if row == 0 else None)
        third.plot(most, row, "o", color=MADE, ms=4, label="max min" if row == 0 else None)
    third.set(xlabel="value of the finite game", title="With single moves the order matters", ylim=(1.6, -0.9))
    third.set(yticks=[0, 1], yticklabels=list(rows), xlim=(-1.5, -0.9))
    third.legend(loc="upper right")


CLAIM = Claim(
    slug="value-of-the-game",
    title="With the best discriminator the value is 2 JSD - log 4",
    statement=r"""
Put the best discriminator into $V$ and what is left depends on the model alone: twice its Jensen-Shannon divergence
from the data, less $\log\,4$. So a generator whose opponent is always at its best descends that divergence. It
is zero only where the two laws are one, hence the least value, $-\log\,4$, is reached at $q = p$ and nowhere else; how
far a model is above it is at least the square of its total variation distance from the data.

At $q = p$ the best discriminator says 1/2 everywhere. Neither player then gains by moving alone: the discriminator is
at its best, and against $D = 1/2$ all models are worth the same. That is a saddle, or Nash equilibrium.

In probabilities $V$ is linear in the model and concave in $D$, so that it does not matter who moves first: min max and
max min are equal. It does matter where a model must put everything on one point: moving first it pays more, since $D$
learns the point; moving second it loses nothing by one point, the one that $D$ likes best. That is mode collapse.
""",
    formulas=(
        r"\max_D V(D, q) = 2 \, \mathrm{JSD}(p, q) - \log\,4 \ge -\log\,4 + \mathrm{TV}(p, q)^2",
        r"\min_q \max_D V = \max_D \min_q V = -\log\,4",
    ),
    reference="Goodfellow et al. 2014, Generative Adversarial Nets, theorem 1; von Neumann 1928 for min max = max min",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "once",
            "The value is JSD - log 4: the factor 2 left out.",
            replace(TRUE, value=lambda divergence: divergence - math.log(4)),
            r"\max_D V = \mathrm{JSD}(p, q) - \log\,4",
        ),
        Control(
            "log-two",
            "The value is 2 JSD - log 2: only one of the halves counted.",
            replace(TRUE, value=lambda divergence: 2 * divergence - math.log(2)),
            r"\max_D V = 2 \, \mathrm{JSD}(p, q) - \log\,2",
        ),
        Control(
            "plus",
            "The value is 2 JSD + log 4: a sign.",
            replace(TRUE, value=lambda divergence: 2 * divergence + math.log(4)),
            r"\max_D V = 2 \, \mathrm{JSD}(p, q) + \log\,4",
        ),
        Control(
            "falling",
            "The value is -2 JSD - log 4: greatest, not least, where the model is the data.",
            replace(TRUE, value=lambda divergence: -2 * divergence - math.log(4)),
            r"\max_D V = -2 \, \mathrm{JSD}(p, q) - \log\,4",
        ),
        Control(
            "one-point",
            "Min max equals max min also where each player must make a single move.",
            replace(TRUE, orders=without_chances),
            r"\min_x \max_D V(D, \delta_x) = \max_D \min_x V(D, \delta_x)",
        ),
    ),
    draw=draw,
    size=(10.6, 3.3),
)
