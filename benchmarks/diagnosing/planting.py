"""Runs with a fault planted on purpose, and healthy ones: everything about each is drawn from its seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import saddle
from saddle import MLP, SGD, Adam, RMSProp


@dataclass(frozen=True)
class Plant:
    """A run to be trained.

    Attributes:
        verdict: the right name for it, if what was planted occurs.
        seed: of everything.
        recipe: in a few words.
        data: the name of its source.
        examples: it is given.
        family: of the model.
        settings: of the model; those that all runs share are added when it is built.
    """

    verdict: str
    seed: int
    recipe: str
    data: str
    examples: int
    family: Callable[..., Any]
    settings: dict[str, Any]

    def model(self, **more: Any) -> Any:
        """The untrained model."""
        return self.family(**{"seed": self.seed, "threads": 1, "compile": "off", **self.settings, **more})


class Draw:
    """Choices of one seed."""

    def __init__(self, verdict: str, seed: int) -> None:
        self._chance = np.random.default_rng([seed, *verdict.encode()])

    def of(self, choices: Sequence[Any]) -> Any:
        """One of some."""
        return choices[int(self._chance.integers(len(choices)))]

    def between(self, low: float, high: float) -> float:
        """A number whose logarithm is uniform, to three digits."""
        return float(f"{np.exp(self._chance.uniform(np.log(low), np.log(high))):.3g}")

    def nets(self) -> dict[str, Any]:
        """Two perceptrons, a latent and a batch for them."""
        width, depth = self.of([48, 64]), self.of([2, 3])
        both = MLP(width, depth)
        return {"generator": both, "critic": both, "latent": self.of([3, 4, 6]), "batch": 64}


Settings = tuple[str, str, dict[str, Any]]
EVERYWHERE = ("ring", "grid", "swiss-roll", "gaussian", "sphere", "digits", "table")
POINTS = ("ring", "grid", "swiss-roll", "gaussian", "sphere")


def collapsed(draw: Draw, kind: int) -> Settings:
    """No regularizer, and a generator that outruns the critic, or momentum in both."""
    hot = {
        "objective": "non-saturating",
        "generator_optimizer": Adam(draw.between(2e-3, 5e-3), beta1=0.5, beta2=0.99),
        "critic_optimizer": Adam(draw.between(1e-3, 2e-3), beta1=0.5, beta2=0.99),
    }
    rate = draw.between(7e-4, 1.5e-3)
    momentum = {
        "objective": draw.of(["non-saturating", "least-squares"]),
        "generator_optimizer": Adam(rate, beta1=0.9, beta2=0.999),
        "critic_optimizer": Adam(rate, beta1=0.9, beta2=0.999),
    }
    name, chosen = [("hot generator", hot), ("momentum", momentum)][kind % 2]
    return name, draw.of(EVERYWHERE), {**draw.nets(), "rounds": 400, "average": 0.0, **chosen}


def critic_too_strong(draw: Draw, kind: int) -> Settings:
    """A saturating generator loss, and a critic with many fast updates."""
    rate = draw.between(2e-3, 8e-3)
    critic = [Adam(rate, beta1=0.5, beta2=0.99), RMSProp(rate), SGD(draw.between(0.05, 0.2), momentum=0.9)][kind % 3]
    settings = {
        "objective": "minimax",
        "critic_updates": draw.of([3, 5]),
        "critic_optimizer": critic,
        "generator_optimizer": Adam(draw.between(5e-5, 1.5e-4), beta1=0.5, beta2=0.99),
        "average": draw.of([0.0, 0.9]),
    }
    name = f"minimax, {type(critic).__name__} critic"
    return (
        name,
        draw.of(["ring", "swiss-roll", "digits", "table", "sphere"]),
        {**draw.nets(), "rounds": 300, **settings},
    )


def critic_too_weak(draw: Draw, kind: int) -> Settings:
    """A critic that hardly learns, or has one or two units."""
    chosen = {
        "objective": draw.of(["non-saturating", "wasserstein", "least-squares"]),
        "generator_optimizer": Adam(draw.between(5e-4, 2e-3), beta1=0.5, beta2=0.99),
        "critic_optimizer": Adam(1e-3, beta1=0.5, beta2=0.99),
        "average": draw.of([0.0, 0.9]),
    }
    if kind % 3 == 0:
        name, more = "frozen critic", {"critic_optimizer": Adam(draw.between(1e-8, 1e-6), beta1=0.5, beta2=0.99)}
    elif kind % 3 == 1:
        tiny = MLP(draw.of([1, 2]), 1, activation=draw.of(["relu", "leaky-relu"]))
        name, more = "tiny critic", {"critic": tiny, "objective": "non-saturating", "regularizers": [saddle.R1(0.1)]}
    else:
        name, more = "slow critic", {"critic_optimizer": SGD(draw.between(1e-6, 1e-4))}
    return name, draw.of(EVERYWHERE), {**draw.nets(), "rounds": 300, **chosen, **more}


def oscillating(draw: Draw, kind: int) -> Settings:
    """Rates far too high for a critic that is barely held, and no average."""
    rate = draw.between(7e-3, 1.5e-2)
    penalized = {
        "objective": draw.of(["non-saturating", "minimax"]),
        "regularizers": [saddle.R1(draw.between(0.02, 0.08))],
        "generator_optimizer": Adam(rate, beta1=0.5, beta2=0.99),
        "critic_optimizer": Adam(rate, beta1=0.5, beta2=0.99),
    }
    slow = draw.between(8e-4, 2e-3)
    clipped = {
        "objective": "wasserstein",
        "regularizers": [saddle.WeightClipping(draw.between(0.03, 0.07))],
        "generator_optimizer": Adam(slow, beta1=0.5, beta2=0.99),
        "critic_optimizer": Adam(slow, beta1=0.5, beta2=0.99),
    }
    name, chosen = [("hot, R1", penalized), ("clipped", clipped)][kind % 2]
    where = ["gaussian", "sphere", "table"] if kind % 2 == 0 else ["gaussian", "ring", "swiss-roll", "sphere"]
    return name, draw.of(where), {**draw.nets(), "rounds": 600, "average": 0.0, **chosen}


def numerical_trouble(draw: Draw, kind: int) -> Settings:
    """Rates at which losses grow without bound."""
    wild = SGD(draw.between(0.5, 5.0))
    chosen = [
        {"objective": "least-squares", "generator_optimizer": wild, "critic_optimizer": wild},
        {"objective": "wasserstein", "generator_optimizer": SGD(0.1), "critic_optimizer": SGD(draw.between(0.1, 1.0))},
        {
            "objective": "non-saturating",
            "regularizers": [saddle.R1(draw.between(30, 100))],
            "generator_optimizer": SGD(0.1),
            "critic_optimizer": wild,
        },
    ][kind % 3]
    name = ("least squares, SGD", "Wasserstein without bound, SGD", "heavy R1, SGD")[kind % 3]
    return name, draw.of(EVERYWHERE), {**draw.nets(), "rounds": 300, "average": 0.0, **chosen}


def healthy_gan(draw: Draw, kind: int, data: str) -> tuple[str, dict[str, Any]]:
    """A recipe that is known to work, for small networks."""
    wide = data in ("digits", "table")
    networks = {"generator": MLP(64, 3), "critic": MLP(64, 3), "latent": 16 if wide else 4, "average": 0.98}
    rate = draw.between(8e-4, 1.5e-3)
    if kind % 2 == 0:
        both = Adam(rate, beta1=0.5, beta2=0.9)
        chosen = {"objective": "wasserstein", "regularizers": [saddle.GradientPenalty(0.1)], "critic_updates": 3}
        name = "wgan-gp"
    else:
        both = Adam(rate, beta1=0.5, beta2=0.99)
        gamma = draw.between(0.08, 0.15) * (2 if wide else 1)
        chosen = {"objective": "non-saturating", "regularizers": [saddle.R1(gamma)], "critic_updates": 2}
        name = "non-saturating, R1"
    return name, {**networks, **chosen, "batch": 128, "generator_optimizer": both, "critic_optimizer": both}


def converged(draw: Draw, kind: int) -> Settings:
    """The recipes that work, long enough."""
    data = ("ring", "grid", "swiss-roll", "gaussian", "digits", "sphere", "table", "swiss-roll", "gaussian", "sphere")[
        kind
    ]
    name, settings = healthy_gan(draw, draw.of([0, 1]) if data != "digits" else 0, data)
    return name, data, {**settings, "rounds": 600}


def under_trained(draw: Draw, kind: int) -> Settings:
    """The recipes that work, cut short."""
    data = draw.of(["ring", "grid", "swiss-roll", "sphere", "table"])
    name, settings = healthy_gan(draw, kind, data)
    return name, data, {**settings, "rounds": int(draw.between(40, 120))}


def memorizing(draw: Draw, kind: int) -> Settings:
    """A few dozen examples, a large generator, a critic that may know each by heart, and many rounds."""
    nets = {"generator": MLP(96, 3), "critic": MLP(96, 3), "latent": 8, "batch": 32, "average": 0.98}
    both = Adam(draw.between(8e-4, 1.5e-3), beta1=0.5, beta2=0.9)
    penalty = saddle.R1(draw.between(0.01, 0.04))
    settings = {"objective": draw.of(["non-saturating", "least-squares"]), "regularizers": [penalty]}
    more = {"critic_updates": 2, "generator_optimizer": both, "critic_optimizer": both, "holdout": 0.5}
    where = ["table", "gaussian-16", "digits"][kind % 3]
    return "few examples", where, {**nets, **settings, **more, "rounds": 1000}


def vae_converged(draw: Draw, kind: int) -> Settings:
    """A variational autoencoder, long enough."""
    both = MLP(64, 2)
    settings = {"latent": 2, "encoder": both, "decoder": both, "batch": 128, "rounds": 1500}
    return "VAE", draw.of(["gaussian", "gaussian-16"]), settings


GAN = tuple[Callable[[Draw, int], Settings], Callable[..., Any]]
BEDS: dict[str, tuple[GAN, ...]] = {
    "numerical trouble": ((numerical_trouble, saddle.GAN),),
    "critic too strong": ((critic_too_strong, saddle.GAN),),
    "critic too weak": ((critic_too_weak, saddle.GAN),),
    "oscillating": ((oscillating, saddle.GAN),),
    "collapsed": ((collapsed, saddle.GAN),),
    "memorizing": ((memorizing, saddle.GAN),),
    "under-trained": ((under_trained, saddle.GAN),),
    "converged": ((converged, saddle.GAN), (converged, saddle.GAN), (vae_converged, saddle.VAE)),
}
COUNTS = {"converged": 10, "collapsed": 20, "oscillating": 13, "memorizing": 10, "under-trained": 14}
COUNT = 8
FEW, FEWER, MANY = (60, 100), 40, 2000
FIRST_SEED = {"development": 1000, "first trial": 2000, "held-back": 3000}


def plants(half: str) -> list[Plant]:
    """The planted runs of one half, from seeds that the other half has none of."""
    found = []
    for verdict, beds in BEDS.items():
        for number in range(COUNTS.get(verdict, COUNT)):
            plant, family = beds[number % len(beds)]
            seed = FIRST_SEED[half] + number
            draw = Draw(verdict, seed)
            recipe, data, settings = plant(draw, number)
            few = FEWER if data == "digits" else draw.of(FEW)
            examples = few if verdict == "memorizing" else MANY
            found.append(Plant(verdict, seed, recipe, data, examples, family, settings))
    return found
