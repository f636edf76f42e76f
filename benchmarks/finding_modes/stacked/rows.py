"""The rows of stacked digits: recipes as they are, but for what is named here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from finding_modes.rows import recipe
from finding_modes.target import Row
from saddle.families import GAN
from saddle.recipes import configured, find_recipe

R3GAN, PACGAN = "Huang et al. 2024, table 3", "Lin et al. 2018, table 2"
LABELS = {
    "nsgan": "Non-saturating, no remedy",
    "wgan-gp": "Wasserstein, gradient penalty",
    "pacgan": "Packs of two",
    "r3gan": "Relativistic pairs, R1 and R2",
}
PUBLISHED = {
    "nsgan": f"99; 3.40 ({R3GAN}, DCGAN); 78.9 ± 6.5; 4.50 ± 0.13 ({PACGAN}, DCGAN)",
    "wgan-gp": f"959; 0.73 ({R3GAN})",
    "pacgan": f"1000 ± 0; 0.06 ± 0.003 ({PACGAN}); 992; 0.28 ({R3GAN})",
    "r3gan": f"1000; 0.029 ({R3GAN}); 1000; 0.078 (table 1 there, a small network)",
}


@dataclass(frozen=True)
class Plan:
    """How recipes are played on one data set.

    Attributes:
        rounds: of each seed.
        networks: settings of both networks of every row but `default`, in place of the recipes' own.
        settings: further ones, of some recipes.
        about: both, in a sentence.
        reasons: why rows are not where their papers are.
    """

    rounds: int
    networks: dict[str, Any]
    settings: dict[str, dict[str, Any]]
    about: str
    reasons: dict[str, str]


def rows_of(data: str, plan: Plan) -> dict[str, Row]:
    """The rows of one data set."""
    both = {"generator": plan.networks, "critic": plan.networks}
    rows = {
        name: Row(
            label,
            played(name, both | plan.settings.get(name, {})),
            plan.rounds,
            {data: PUBLISHED[name]},
            plan.reasons.get(name, ""),
        )
        for name, label in LABELS.items()
    }
    return {**rows, "default": Row("Default recipe, nothing set", recipe("default"), None)}


def played(name: str, settings: dict[str, Any]) -> Callable[[Any], GAN]:
    """A recipe of saddle's with some settings changed."""

    def make(layout: Any) -> GAN:
        model = configured(find_recipe(name), layout, settings)
        assert isinstance(model, GAN)
        return model

    return make


# At 8x8 the recipes' convolutions have one layer, so a critic of theirs is a sum over places and sees no digit whole.
PERCEPTRON = {"kind": "mlp", "width": 256, "depth": 3, "activation": "leaky-relu"}
FULL = Plan(
    50_000,
    {},
    {},
    "Networks are the recipes' own, 64 channels at half size.",
    {
        "r3gan": "further from the floor than the paper's best, which has residual networks of 20 million parameters "
        "each and sees 10 million pictures, where ours has DCGAN's kind and sees 3.2 million; nearer than its small "
        "network."
    },
)
SMALL = Plan(
    20_000,
    PERCEPTRON,
    {
        "r3gan": {
            "batch": 128,
            "generator_optimizer": {"rate": 2e-3},
            "critic_optimizer": {"rate": 2e-3},
        }
    },
    "All networks are perceptrons of three layers of 256; `r3gan` has batches of 128 and begins at a rate of .002.",
    {
        "nsgan": "more modes than published, since digits of 8x8 are easier and both networks are perceptrons; what it "
        "shows is the order."
    },
)
