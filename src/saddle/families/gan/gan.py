"""The generative adversarial network as an estimator."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from saddle.data import Layout
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted, untrained
from saddle.families.gan.game import Game
from saddle.families.gan.latent import Latent, Normal
from saddle.families.gan.matching import Matching
from saddle.families.gan.networks import (
    classifying_factory,
    critic_factory,
    feature_factory,
    generator_factory,
    stackable,
)
from saddle.families.gan.packing import packed_shape
from saddle.families.gan.settings import GANSettings
from saddle.families.gan.suiting import demand_suited_to_batches
from saddle.families.settings import Precision, checked
from saddle.networks import Architecture
from saddle.objectives import Discrepancy, Objective
from saddle.regularizers import Regularizer
from saddle.training.optimizers import Adam, OptimizerSpec
from saddle.training.ways.planning import Compile

Network = Architecture | nn.Module | Callable[[], nn.Module]


class GAN(Estimator):
    """A generative adversarial network: a generator and a critic trained against each other (Algorithm 1).

    The constructor stores its arguments, `fit` checks them. Names such as "wasserstein" or tables such as
    `{"kind": "least-squares", "c": 0}` stand for the values of `saddle.objectives`, `saddle.regularizers`,
    `saddle.networks` and `saddle.training`.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, arXiv 1406.2661.

    Args:
        objective: what both players minimize; a value with methods `critic(real, fake)` and `generator(real, fake)`, or
            a distance between batches with an attribute `features` and a method `distance(real, fake)`, which the
            generator lowers without a critic or, where `features` is positive, against one that raises it.
        regularizers: any number of values with a method `penalty`, `perturb`, `difference`, `project` or `normalize`.
        generator: an architecture, a module or a function that returns one; None takes convolutions for pictures and
            a multilayer perceptron otherwise. Called as `generator(z)`, or `generator(z, y)` with labels.
        critic: likewise; called as `critic(x)` or `critic(x, y)`, with scores (n,) or (n, 1), or with features (n, d)
            for a distance between batches of them. One that scores each example by itself sees real and generated
            examples in one call.
        latent: the law of the generator's input, or a number of normal dimensions.
        critic_updates: updates of the critic per round, the k of Algorithm 1.
        packing: how many examples the critic judges as one (PacGAN), against lost modes; divides `batch`, and goes with
            data without labels only.
        unrolled: how many steps of the critic the generator looks ahead (Unrolled GAN), against lost modes; costs as
            many critic updates again, differentiated twice.
        unrolled_rate: the length of these steps.
        auxiliary: the weight of a class term, for data with labels (AC-GAN): the critic is told no labels but tells
            them, and both players lose where classes are not recognized. The critic is an architecture, or makes
            (n, 1 + classes) of examples (n, ...). 0 for none.
        batch: examples per update.
        generator_optimizer: moves the generator.
        critic_optimizer: moves the critic; idle where an objective has none.
        average: decay of the moving average of the generator that samples come from; 0 keeps none.
        rounds: rounds of each `fit`; None stands for 5,000, or for no limit where `minutes` is given.
        minutes: limit of each `fit` in time; the rounds reached are recorded, so that the run can be repeated.
        holdout: the share of the data that is held out and measured against.
        seed: of the start, the data's order, the noise and the split.
        seeds: how many members with seeds `seed`, `seed` + 1, ... are trained at once as a population.
        device: "auto", "cpu", "cuda" or any other that torch knows.
        precision: "float32", "float64", or "bfloat16", in which networks compute while they train, beside float32;
            slower on a processor without units for it.
        threads: CPU threads, or None to choose by measurement.
        compile: "on" compiles every loss with its gradient, "whole" too but shares no batch out among cores, "off"
            starts each operation alone, "graph" records rounds as graphs of kernels on a GPU, "auto" does that and
            compiles where the run is long enough to repay it.
        callback: called as `callback(round, gan)` after every round.

    Example:
        >>> gan = GAN(objective="wasserstein", regularizers=["gradient-penalty"], critic_updates=5, rounds=2)
        >>> gan.fit("ring").sample(3, seed=0).shape
        (3, 2)
    """

    family = "gan"
    called = "A GAN"
    settings_type = GANSettings

    def __init__(
        self,
        *,
        objective: str | Objective | Discrepancy | dict[str, Any] = "non-saturating",
        regularizers: Sequence[str | Regularizer | dict[str, Any]] = (),
        generator: Network | str | dict[str, Any] | None = None,
        critic: Network | str | dict[str, Any] | None = None,
        latent: Latent | int | dict[str, Any] = Normal(64),  # noqa: B008 - a frozen value
        critic_updates: int = 1,
        packing: int = 1,
        unrolled: int = 0,
        unrolled_rate: float = 0.01,
        auxiliary: float = 0.0,
        batch: int = 64,
        generator_optimizer: OptimizerSpec | str | dict[str, Any] = Adam(),  # noqa: B008 - a frozen value
        critic_optimizer: OptimizerSpec | str | dict[str, Any] = Adam(),  # noqa: B008 - a frozen value
        average: float = 0.999,
        rounds: int | None = None,
        minutes: float | None = None,
        holdout: float = 0.1,
        seed: int = 0,
        seeds: int = 1,
        device: str = "auto",
        precision: Precision = "float32",
        threads: int | None = None,
        compile: Compile = "auto",
        callback: Callable[[int, "GAN"], None] | None = None,
    ) -> None:
        self.objective = objective
        self.regularizers = regularizers
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.critic_updates = critic_updates
        self.packing = packing
        self.unrolled = unrolled
        self.unrolled_rate = unrolled_rate
        self.auxiliary = auxiliary
        self.batch = batch
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer
        self.average = average
        self.rounds = rounds
        self.minutes = minutes
        self.holdout = holdout
        self.seed = seed
        self.seeds = seeds
        self.device = device
        self.precision = precision
        self.threads = threads
        self.compile = compile
        self.callback = callback

    def build(self, layout: Layout, shares: tuple[float, ...] | None) -> Fitted:
        """An untrained GAN for data of this form.

        Raises:
            InputError: when a network or another setting does not fit the data.
        """
        settings = checked(GANSettings, self.settings(), self.called)
        settings.demand_fit(layout, len(shares or ()))
        compares = isinstance(settings.objective, Discrepancy)
        game = _matching(settings, layout, shares) if compares else _game(settings, layout, shares)
        return untrained(game.problem(), settings, layout, shares)


def _game(settings: GANSettings, layout: Layout, shares: tuple[float, ...] | None) -> Game:
    """The game of a critic that scores examples."""
    shape, classes, members = layout.model_shape, len(shares or ()), settings.seeds
    seen, packs = packed_shape(shape, settings.packing), settings.batch // settings.packing
    tried: dict[str, Any] = {"members": members, "at_once": packs}
    if settings.auxiliary:
        critic = classifying_factory(settings.critic, seen, classes, **tried)
    else:
        critic = critic_factory(settings.critic, seen, classes, **tried)
    if members > 1:
        critic = stackable(critic, unrolled=settings.unrolled > 0)
    return Game(
        settings.objective,
        settings.regularizers,
        generator_factory(settings.generator, settings.latent, shape, classes, members=members, at_once=settings.batch),
        critic,
        settings.latent,
        settings.generator_optimizer,
        settings.critic_optimizer,
        settings.critic_updates,
        settings.batch,
        settings.average,
        shape,
        settings.packing,
        settings.unrolled,
        settings.unrolled_rate,
        settings.auxiliary,
        labeled=classes > 0,
    )


def _matching(settings: GANSettings, layout: Layout, shares: tuple[float, ...] | None) -> Matching:
    """The game over a distance between batches."""
    shape, classes, features = layout.model_shape, len(shares or ()), settings.objective.features
    demand_suited_to_batches(settings, settings.objective)
    tried: dict[str, Any] = {"members": settings.seeds, "at_once": settings.batch}
    return Matching(
        settings.objective,
        settings.regularizers,
        generator_factory(settings.generator, settings.latent, shape, classes, **tried),
        feature_factory(settings.critic, shape, features, classes, **tried) if features else None,
        settings.latent,
        settings.generator_optimizer,
        settings.critic_optimizer,
        settings.critic_updates,
        settings.batch,
        settings.average,
        shape,
        classes,
    )
