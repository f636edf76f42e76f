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
    """The default's networks and optimizers with another objective and some of its penalties."""

    def make(layout: Any) -> GAN:
        model = recipe("r3gan")(layout)
        model.objective = objective
        kept = {"none": (), "R1": (saddle.R1,), "R2": (saddle.R2,), "R1 + R2": (saddle.R1, saddle.R2)}[penalties]
        model.regularizers = [one for one in model.regularizers if isinstance(one, kept)]
        return model

    return make


def without(make: Callable[[Any], GAN], **changes: Any) -> Callable[[Any], GAN]:
    """A recipe with its remedy taken out."""

    def remade(layout: Any) -> GAN:
        model = make(layout)
        for name, value in changes.items():
            setattr(model, name, value)
        return model

    return remade


ROWS: dict[str, Row] = {
    "nsgan": Row(
        "Non-saturating, no remedy",
        recipe("nsgan"),
        10_000,
        PUBLISHED["plain, VEEGAN's"],
        "VEEGAN's networks and rounds are not published; Lin et al. measured more modes of a plain GAN, too (below).",
    ),
    "nsgan-long": Row("Non-saturating, no remedy, ten times as long", recipe("nsgan"), 100_000),
    "lsgan": Row("Least squares, no remedy", recipe("lsgan"), 10_000),
    "wgan": Row("Wasserstein, clipped weights", recipe("wgan"), 10_000),
    "wgan-gp": Row("Wasserstein, gradient penalty", recipe("wgan-gp"), 10_000),
    "sngan": Row("Hinge, spectral normalization", recipe("sngan"), 10_000),
    "dragan": Row("Non-saturating, gradient penalty around data", recipe("dragan"), 10_000),
    "rasgan": Row("Relativistic average, gradient penalty", recipe("rasgan"), 10_000),
    "not-unrolled": Row(
        "Networks and rates of `unrolled`, no steps ahead", without(recipe("unrolled"), unrolled=0), 10_000
    ),
    "unrolled": Row("Unrolled, five steps", recipe("unrolled"), 10_000, PUBLISHED["unrolled"]),
    "unpacked": Row(
        "PacGAN's networks, not packed", without(recipe("pacgan"), packing=1, batch=100), 20_000, PUBLISHED["plain"]
    ),
    "pacgan": Row("PacGAN's networks, packs of two", recipe("pacgan"), 20_000, PUBLISHED["packs of two"]),
    "default": Row("Default recipe, nothing set", recipe("default"), None),
}
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
