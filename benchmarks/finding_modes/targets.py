"""All data whose modes are counted here."""

from pathlib import Path

from finding_modes.laws import LAWS
from finding_modes.mixture import Mixture
from finding_modes.rows import ROWS
from finding_modes.stacked.pools import digits, mnist
from finding_modes.stacked.rows import FULL, SMALL
from finding_modes.stacked.target import StackedDigits
from finding_modes.target import Target

STACKED = {"stacked-mnist": (mnist, FULL), "stacked-digits": (digits, SMALL)}


def targets_in(work: Path) -> dict[str, Target]:
    """By name; classifiers are kept in the folder of runs."""
    mixtures = [Mixture(name, ROWS) for name in LAWS]
    stacked = [
        StackedDigits(name, pool, plan, work / "classifiers" / f"{name}.safetensors")
        for name, (pool, plan) in STACKED.items()
    ]
    return {one.name: one for one in (*mixtures, *stacked)}
