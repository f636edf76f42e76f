"""Recipes: complete configurations as functions of the data's layout.

`RECIPES` lists them under the names that the command line uses; `recipe` makes the model of one by its name, with
changes.
"""

from saddle.recipes.autoencoders import autoencoder, contractive_autoencoder, denoising_autoencoder
from saddle.recipes.boltzmann import dbm, rbm
from saddle.recipes.by_name import recipe
from saddle.recipes.default import default
from saddle.recipes.loading import RECIPES, Found, Recipe, configured, find_recipe, from_file, like_run
from saddle.recipes.published import acgan, conditional_gan, dcgan, gan, gan_adam, lsgan, nsgan, wgan, wgan_gp
from saddle.recipes.stable import dragan, pacgan, r3gan, rasgan, sngan, ttur, unrolled, wgan_gp_paper
from saddle.recipes.stochastic import gsn, walkback_dae
from saddle.recipes.variational import iwae, vae

__all__ = [
    "RECIPES",
    "Found",
    "Recipe",
    "acgan",
    "autoencoder",
    "conditional_gan",
    "configured",
    "contractive_autoencoder",
    "dbm",
    "dcgan",
    "default",
    "denoising_autoencoder",
    "dragan",
    "find_recipe",
    "from_file",
    "gan",
    "gan_adam",
    "gsn",
    "iwae",
    "like_run",
    "lsgan",
    "nsgan",
    "pacgan",
    "r3gan",
    "rasgan",
    "rbm",
    "recipe",
    "sngan",
    "ttur",
    "unrolled",
    "vae",
    "walkback_dae",
    "wgan",
    "wgan_gp",
    "wgan_gp_paper",
]
