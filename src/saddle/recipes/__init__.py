"""Recipes: complete configurations as functions of the data's layout.

`RECIPES` lists them under the names that the command line uses.
"""

from saddle.recipes.autoencoders import autoencoder, contractive_autoencoder, denoising_autoencoder
from saddle.recipes.default import default
from saddle.recipes.loading import RECIPES, Found, Recipe, configured, find_recipe, from_file, like_run
from saddle.recipes.published import dcgan, gan, lsgan, nsgan, wgan, wgan_gp

__all__ = [
    "RECIPES",
    "Found",
    "Recipe",
    "autoencoder",
    "configured",
    "contractive_autoencoder",
    "dcgan",
    "default",
    "denoising_autoencoder",
    "find_recipe",
    "from_file",
    "gan",
    "like_run",
    "lsgan",
    "nsgan",
    "wgan",
    "wgan_gp",
]
