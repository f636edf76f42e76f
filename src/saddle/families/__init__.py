"""Families: scikit-learn-like estimators, each of which builds a `Problem` and hands it to training."""

from saddle.families.gan import GAN
from saddle.families.latent import LATENTS, Latent, Normal, Uniform
from saddle.families.observer import Observer

__all__ = ["GAN", "LATENTS", "Latent", "Normal", "Observer", "Uniform"]
