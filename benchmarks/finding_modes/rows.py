"""The rows of mixtures: recipes, and the games of the ablation."""

from collections.abc import Callable
from typing import Any

import saddle
from finding_modes.target import Row
from saddle.families import GAN
from saddle.recipes import RECIPES

PACGAN = "Lin et al. 2018, table 1"
VEEGAN = "Srivastava et al. 2017, table 1"


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


ROWS: dict[str, Row] = {
    "nsgan": Row(
        "Non-saturating, no remedy",
        recipe("nsgan"),
        10_000,
        {
            "ring": f"6.3 ± 0.5; 98.2 ± 0.2; 0.45 ± 0.09 ({PACGAN})",
            "grid": f"17.3 ± 0.8; 94.8 ± 0.7; 0.70 ± 0.07 ({PACGAN})",
        },
    ),
    "lsgan": Row("Least squares, no remedy", recipe("lsgan"), 10_000),
    "wgan": Row("Wasserstein, clipped weights", recipe("wgan"), 10_000),
    "wgan-gp": Row("Wasserstein, gradient penalty", recipe("wgan-gp"), 10_000),
    "sngan": Row("Hinge, spectral normalization", recipe("sngan"), 10_000),
    "dragan": Row("Non-saturating, gradient penalty around data", recipe("dragan"), 10_000),
    "rasgan": Row("Relativistic average, gradient penalty", recipe("rasgan"), 10_000),
    "unrolled": Row(
        "Unrolled, five steps",
        recipe("unrolled"),
        10_000,
        {"ring": f"7.6; 35.6; - ({VEEGAN})", "grid": f"23.6; 16; - ({VEEGAN})"},
    ),
    "pacgan": Row(
        "Packs of two",
        recipe("pacgan"),
        20_000,
        {
            "ring": f"7.9 ± 0.1; 95.6 ± 2.0; 0.07 ± 0.03 ({PACGAN}, 400,000 rounds)",
            "grid": f"23.8 ± 0.7; 91.3 ± 0.8; 0.13 ± 0.04 ({PACGAN}, 400,000 rounds)",
        },
    ),
    "default": Row("Default recipe, nothing set", recipe("default"), None),
}
GAMES = ("non-saturating", "least-squares", "wasserstein", "relativistic")
PENALTIES = ("none", "R1", "R2", "R1 + R2")
ABLATION: dict[str, Row] = {
    f"{objective}, {penalties}": Row(f"{objective}, {penalties}", ablated(objective, penalties), 10_000)
    for objective in GAMES
    for penalties in PENALTIES
}
