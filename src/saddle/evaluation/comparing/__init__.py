"""Recipes side by side: means over seeds, paired differences, and which of them are larger than chance."""

from saddle.evaluation.comparing.judging import LEVEL, Difference, differences
from saddle.evaluation.comparing.measured import Measured, Scores
from saddle.evaluation.comparing.over_seeds import OverSeeds, over_seeds
from saddle.evaluation.comparing.wording import statements, unranked

__all__ = [
    "LEVEL",
    "Difference",
    "Measured",
    "OverSeeds",
    "Scores",
    "differences",
    "over_seeds",
    "statements",
    "unranked",
]
