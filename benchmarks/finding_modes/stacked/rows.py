"""The rows of stacked digits: recipes as they are, but for what is named here."""

from finding_modes.rows import recipe
from finding_modes.target import Row

R3GAN, PACGAN = "Huang et al. 2024, table 3", "Lin et al. 2018, table 2"
LABELS = {
    "nsgan": "Non-saturating, no remedy",
    "wgan-gp": "Wasserstein, gradient penalty",
    "pacgan": "Packs of two",
    "r3gan": "Relativistic pairs, R1 and R2",
    "default": "Default recipe, nothing set",
}
PUBLISHED = {
    "nsgan": f"99; 3.40 ({R3GAN}, DCGAN); 78.9 ± 6.5; 4.50 ± 0.13 ({PACGAN}, DCGAN)",
    "wgan-gp": f"959; 0.73 ({R3GAN})",
    "pacgan": f"1000 ± 0; 0.06 ± 0.003 ({PACGAN}); 992; 0.28 ({R3GAN})",
    "r3gan": f"1000; 0.029 ({R3GAN}); 1000; 0.078 (table 1 there, a small network)",
}


# Rounds of each recipe.
FULL = {"nsgan": 50_000, "wgan-gp": 50_000, "pacgan": 50_000, "r3gan": 50_000, "default": None}
HALF = {"nsgan": 20_000, "wgan-gp": 20_000, "pacgan": 20_000, "r3gan": 20_000, "default": None}
SMALL = {"nsgan": 6_000, "wgan-gp": 6_000, "pacgan": 6_000, "r3gan": 6_000, "default": None}


def rows_of(data: str, rounds: dict[str, int | None]) -> dict[str, Row]:
    """The rows of one data set, with the rounds of each recipe; None for its own."""
    published = {name: {data: figures} for name, figures in PUBLISHED.items()}
    return {name: Row(LABELS[name], recipe(name), count, published.get(name, {})) for name, count in rounds.items()}
