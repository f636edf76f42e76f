"""The rows of mixtures: recipes, and the games of the ablation."""

from collections.abc import Callable
from typing import Any

import saddle
from finding_modes.figures import PUBLISHED
from finding_modes.target import Row
from saddle.families import GAN
from saddle.recipes import RECIPES


def recipe(name: str) -> Callable[[Any], GAN]:
    """A recipe of saddle's, as it is."""

    def make(layout: Any) -> GAN:
        model = RECIPES[name](layout)
        assert isinstance(model, GAN)
        return model

    return make


def ablated(objective: str, penalties: str) -> Callable[[Any], GAN]:
    """The networks and optimizers of `r3gan` with another objective and some of its penalties."""

    def make(layout: Any) -> GAN:
        model = recipe("r3gan")(layout)
        model.objective = objective
        kept = {"none": (), "R1": (saddle.R1,), "R2": (saddle.R2,), "R1 + R2": (saddle.R1, saddle.R2)}[penalties]
        model.regularizers = [one for one in model.regularizers if isinstance(one, kept)]
        return model

    return make


def changed(make: Callable[[Any], GAN], **settings: Any) -> Callable[[Any], GAN]:
    """A recipe with some settings changed."""

    def remade(layout: Any) -> GAN:
        model = make(layout)
        for name, value in settings.items():
            setattr(model, name, value)
        return model

    return remade


ROWS: dict[str, Row] = {
    "nsgan": Row(
        "Non-saturating, no remedy",
        recipe("nsgan"),
        10_000,
        PUBLISHED["plain, VEEGAN's"],
        "The source's networks and rounds are not verified; Lin et al. too found more modes of a plain game.",
    ),
    "nsgan-long": Row("Non-saturating, no remedy, ten times as long", recipe("nsgan"), 100_000),
    "lsgan": Row("Least squares, no remedy", recipe("lsgan"), 10_000),
    "wgan": Row("Wasserstein, clipped weights", recipe("wgan"), 10_000),
    "wgan-gp": Row("Wasserstein, gradient penalty", recipe("wgan-gp"), 10_000),
    "sngan": Row("Hinge, spectral normalization", recipe("sngan"), 10_000),
    "dragan": Row("Non-saturating, gradient penalty around data", recipe("dragan"), 10_000),
    "dragan-10": Row(
        "The same with the paper's weight of 10",
        changed(recipe("dragan"), regularizers=[saddle.DRAGAN(10.0)]),
        10_000,
    ),
    "rasgan": Row("Relativistic average, gradient penalty", recipe("rasgan"), 10_000),
    "not-unrolled": Row(
        "Networks and rates of `unrolled`, no steps ahead", changed(recipe("unrolled"), unrolled=0), 10_000
    ),
    "unrolled": Row(
        "Unrolled, five steps of .1",
        recipe("unrolled"),
        10_000,
        PUBLISHED["unrolled"],
        "Networks and rounds of the source are not verified; steps of .3 lose half the seeds (`unrolled-far`).",
    ),
    "unrolled-far": Row(
        "Unrolled, five steps of .3, batches of 512",
        changed(recipe("unrolled"), unrolled_rate=0.3, batch=512),
        10_000,
    ),
    "unpacked": Row(
        "PacGAN's networks, not packed",
        changed(recipe("pacgan"), packing=1, batch=100),
        20_000,
        PUBLISHED["plain"],
        "A twentieth of the rounds, which change both modes and sharpness (`nsgan-long`).",
    ),
    "pacgan": Row(
        "PacGAN's networks, packs of two",
        recipe("pacgan"),
        20_000,
        PUBLISHED["packs of two"],
        "A twentieth of the rounds, which change sharpness above all (`nsgan-long`).",
    ),
    "default": Row("Default recipe, nothing set", recipe("default"), None),
}
PLAIN = ("nsgan", "nsgan-long", "lsgan", "not-unrolled", "unpacked")  # no remedy against collapse
REMEDIES = {  # a row and the same with a remedy, and which
    ("nsgan", "dragan"): "a penalty on gradients around data",
    ("not-unrolled", "unrolled"): "five steps ahead",
    ("unpacked", "pacgan"): "packs of two",
    ("nsgan", "nsgan-long"): "ten times the rounds",
}
GAMES = ("non-saturating", "least-squares", "wasserstein", "relativistic")
PENALTIES = ("none", "R1", "R2", "R1 + R2")
ABLATION: dict[str, Row] = {
    f"{objective}, {penalties}": Row(f"{objective}, {penalties}", ablated(objective, penalties), 10_000)
    for objective in GAMES
    for penalties in PENALTIES
}
