"""Claim 24: three generators in the standard and in the Wasserstein game."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.check import Check, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import panels
from saddle.claims.playing import member, play
from saddle.claims.problems.drawn_data import drawing_from
from saddle.core.randomness import Stream
from saddle.data import open as open_data
from saddle.families.gan.game import Game
from saddle.families.gan.latent import Normal
from saddle.measures import density_coverage, energy_distance
from saddle.networks import MLP
from saddle.networks.convolution import Convolution
from saddle.objectives import NonSaturating, Objective, Wasserstein
from saddle.regularizers import Regularizer, WeightClipping
from saddle.training.optimizers import Adam, OptimizerSpec, RMSProp

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BATCH, LATENT, SHAPE = 64, 32, (1, 8, 8)
FILTERS, PUBLISHED_FILTERS = 8, 64
HASTE = 10
"""How much faster than published every player learns."""
ROWS, COLUMNS, GREYS = 4, 8, 16


@dataclass(frozen=True)
class Rules:
    """A game.

    Attributes:
        objective: of both players.
        regularizers: of the critic.
        optimizer: of each player.
        critic_updates: for one of the generator.
    """

    objective: Objective
    regularizers: tuple[Regularizer, ...]
    optimizer: OptimizerSpec
    critic_updates: int


STANDARD, WASSERSTEIN = "standard", "Wasserstein"
GAMES = {
    STANDARD: Rules(NonSaturating(), (), Adam(HASTE * 2e-4, beta1=0.5), 1),
    WASSERSTEIN: Rules(
        Wasserstein(), (WeightClipping(0.01 * PUBLISHED_FILTERS / FILTERS),), RMSProp(HASTE * 5e-5), critic_updates=5
    ),
}


def convolutional(first: int, second: int, *, normalized: bool) -> nn.Module:
    """A generator from 2x2 to 8x8 by two transposed convolutions, with so many filters before each."""

    def hidden(filters: int) -> tuple[nn.Module, ...]:
        return (nn.BatchNorm2d(filters), nn.ReLU()) if normalized else (nn.ReLU(),)

    return nn.Sequential(
        nn.Linear(LATENT, 4 * first, bias=not normalized),
        nn.Unflatten(1, (first, 2, 2)),
        *hidden(first),
        nn.ConvTranspose2d(first, second, 4, 2, 1, bias=not normalized),
        *hidden(second),
        nn.ConvTranspose2d(second, 1, 4, 2, 1),
        nn.Tanh(),
    )


DCGAN, PLAIN, PERCEPTRON = "DCGAN", "no batch normalization", "MLP"
GENERATORS: dict[str, Callable[[], nn.Module]] = {
    DCGAN: lambda: convolutional(2 * FILTERS, FILTERS, normalized=True),
    PLAIN: lambda: convolutional(FILTERS, FILTERS, normalized=False),
    PERCEPTRON: lambda: MLP(width=128, depth=4).generator(LATENT, SHAPE, 0),
}


def critic() -> nn.Module:
    """DCGAN's, from 8x8 to 2x2, without a sigmoid."""
    return nn.Sequential(
        Convolution(1, FILTERS, 4, 2, 1),
        nn.LeakyReLU(0.2),
        Convolution(FILTERS, 2 * FILTERS, 4, 2, 1, bias=False),
        nn.BatchNorm2d(2 * FILTERS),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(4 * 2 * FILTERS, 1),
    )


class Quality(NamedTuple):
    """Of some pictures, as many as there are digits held out.

    Attributes:
        energy: their energy distance to these.
        coverage: the share of these with one of the pictures among their five nearest neighbors.
    """

    energy: float
    coverage: float


class Trained(NamedTuple):
    """What each seed's generator makes.

    Attributes:
        quality: of every seed.
        pictures: some of the first seed's, in the digits' own grey values, shape (n, 8, 8).
    """

    quality: list[Quality]
    pictures: np.ndarray


def digits() -> tuple[Tensor, Tensor]:
    """Two thirds to train on, and the third held out, with pixels in [-1, 1]."""
    parts = open_data("digits").split(1 / 3)
    return parts[0].batch(torch.arange(len(parts[0]))), parts[1].batch(torch.arange(len(parts[1])))


def quality(pictures: Tensor, held: Tensor) -> Quality:
    """Of as many pictures as are held out."""
    return Quality(energy_distance(pictures, held).value, density_coverage(pictures, held).coverage.value)


@cache
def real(trial: Trial) -> Quality:
    """Of digits trained on: the mean over a choice for each seed."""
    train, held = digits()
    found = []
    for seed in trial.seeds:
        order = torch.randperm(len(train), generator=Stream(seed, ("architectures", "real")).torch())
        found.append(quality(train[order[: len(held)]], held))
    return Quality(*np.mean(found, axis=0).tolist())


@cache
def trained(generator: str, game: str, trial: Trial) -> Trained:
    """One generator after one game; the seeds play as one population."""
    train, held = digits()
    rules = GAMES[game]
    problem = Game(
        rules.objective,
        rules.regularizers,
        GENERATORS[generator],
        critic,
        Normal(LATENT),
        rules.optimizer,
        rules.optimizer,
        critic_updates=rules.critic_updates,
        batch=BATCH,
        average=0.0,
        shape=SHAPE,
    ).problem()
    state = play(drawing_from(problem, train, BATCH), trial.seeds, rounds(trial))
    made = []
    for place, seed in enumerate(trial.seeds):
        z = torch.randn(len(held), LATENT, generator=Stream(seed, ("architectures", "judged")).torch())
        made.append(member(state, place)["generator"](z))
    shown = (made[0][: ROWS * COLUMNS, 0] + 1) * (GREYS / 2)
    return Trained([quality(one, held) for one in made], shown.round().int().numpy())


def rounds(trial: Trial) -> int:
    """Updates of the generator."""
    return trial.pick(70, 2_000)


def experiment(variant: None, trial: Trial) -> Result:
    """Every generator in both games, and what the standard one loses or gains by the Wasserstein one."""
    found = {generator: {game: trained(generator, game, trial) for game in GAMES} for generator in GENERATORS}
    checks = [
        check
        for generator, games in found.items()
        for check in (*beside_real(generator, games, real(trial)), *compared(generator, games))
    ]
    cells = {f"{generator}, {game}": one for generator, games in found.items() for game, one in games.items()}
    series = {
        "pictures": {name: one.pictures for name, one in cells.items()},
        "quality": {name: np.mean(one.quality, axis=0) for name, one in cells.items()},
        "real": list(real(trial)),
        "rounds": rounds(trial),
    }
    return Result(tuple(checks), series)


def beside_real(generator: str, games: dict[str, Trained], real: Quality) -> list[Check]:
    """Both qualities of both games, each held against that of real digits."""
    checks = []
    for game, one in games.items():
        energy, coverage = zip(*one.quality, strict=True)
        checks.append(over_seeds(f"{generator}, {game}: energy distance, bound: real digits", energy, "≤", real.energy))
        checks.append(over_seeds(f"{generator}, {game}: coverage, bound: real digits", coverage, "≥", real.coverage))
    return checks


def compared(generator: str, games: dict[str, Trained]) -> list[Check]:
    """The standard game less the Wasserstein one, start by start; where the paper sees no loser, none is presumed."""
    differences = np.subtract(games[STANDARD].quality, games[WASSERSTEIN].quality)
    energy, coverage = differences.T.tolist()
    what = f"{generator}, standard - Wasserstein"
    if generator == DCGAN:
        return [
            over_seeds(f"{what}: energy distance (figure 5: both good)", energy, "=", 0),
            over_seeds(f"{what}: coverage (figure 5: both good)", coverage, "=", 0),
        ]
    published = {PLAIN: "standard fails (figure 6)", PERCEPTRON: "standard collapses (figure 7)"}[generator]
    return [
        over_seeds(f"{what}: energy distance", energy, "≥", 0, published=published),
        over_seeds(f"{what}: coverage", coverage, "≤", 0, published=published),
    ]


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The first seed's samples of every generator and game."""
    names = [f"{generator}, {game}" for game in GAMES for generator in GENERATORS]
    for axes, name in zip(panels(figure, len(GENERATORS), len(GAMES)), names, strict=True):
        axes.imshow(sheet(np.array(series["pictures"][name])), cmap="gray_r", vmin=0, vmax=GREYS)
        energy, coverage = series["quality"][name]
        axes.set_title(f"{name}\nenergy distance {energy:.2f}, coverage {coverage:.2f}")
        axes.set_axis_off()
    energy, coverage = series["real"]
    note = f"{series['rounds']:,} updates of each generator; numbers: means over seeds"
    figure.supxlabel(f"{note}; real digits: energy distance {energy:.2f}, coverage {coverage:.2f}", fontsize=9)


def sheet(pictures: np.ndarray) -> np.ndarray:
    """Pictures (n, 8, 8) in rows, with an empty line around each."""
    framed = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    _, height, width = framed.shape
    return framed.reshape(ROWS, COLUMNS, height, width).swapaxes(1, 2).reshape(ROWS * height, COLUMNS * width)


CLAIM = Claim(
    slug="architectures",
    title="Three generators in the standard and in the Wasserstein game",
    statement=r"""
DCGAN's architecture, with batch normalization and with more filters where pictures are small, was found by looking for
one that the standard game can train. The Wasserstein GAN's authors kept it for the critic, and took from the generator
what was thought to be needed. With DCGAN's generator both games gave good pictures of bedrooms. Without batch
normalization and with equally many filters in every layer the standard game failed and the Wasserstein game did not.
With a perceptron the standard game collapsed to few kinds of pictures, and the Wasserstein game gave varied ones, if
less sharp. The paper shows pictures and gives no numbers.

Here are the same six trainings on digits of 8x8 pixels. Two numbers judge as many samples as there are digits held out:
their energy distance to these (0 for equal laws), and coverage, the share of held-out digits that have a sample nearer
than their fifth neighbor, which falls when modes are missing, and also when samples are blurred. Each is held against
what real digits get that the generators train on.

The rules are those of the papers: $-\log D$ with Adam at $\beta_1 = 0.5$, one update each, against clipped weights,
RMSProp and five updates of the critic; batches of 64. What differs: networks have an eighth of the filters (the
perceptron four layers of 128 units, not 512), so weights may be eight times as large, up to $\pm 0.08$; all rates are
ten times as high, since there are so few updates; and $z$ has 32 normal numbers, not 100. Both games make equally many
updates of the generator, so the Wasserstein game costs about three times as much; at the quick budget both have barely
begun. Nothing was chosen by its result.
""",
    formulas=(
        r"\mathrm{energy\ distance} = 2 E\|X - Y\| - E\|X - X'\| - E\|Y - Y'\|, \qquad "
        r"X, X' \sim p_g, \quad Y, Y' \sim p_{\mathrm{data}}",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, section 4.3, figures 5 to 7, arXiv 1701.07875; "
    "Radford et al. 2016, DCGAN, arXiv 1511.06434",
    experiment=experiment,
    draw=draw,
    kind="observation",
    size=(10.5, 4.7),
)
