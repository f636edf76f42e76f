"""Recipes compared on the user's data: trained on several seeds each, measured alike, told apart from chance."""

from saddle.comparison.comparing import compare
from saddle.comparison.entrants import Recipes
from saddle.comparison.result import Comparison
from saddle.comparison.watching import Silent, Watching

__all__ = ["Comparison", "Recipes", "Silent", "Watching", "compare"]
