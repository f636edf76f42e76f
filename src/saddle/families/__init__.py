"""Families: scikit-learn-like estimators, each of which builds a `Problem` and hands it to training."""

from saddle.families.autoencoder import Autoencoder, Contractive, Denoising
from saddle.families.estimator import Estimator
from saddle.families.gan import GAN, LATENTS, Latent, Normal, Uniform
from saddle.families.observer import Observer
from saddle.families.opening import FAMILIES, load, resume
from saddle.families.vae import VAE

__all__ = [
    "FAMILIES",
    "GAN",
    "LATENTS",
    "VAE",
    "Autoencoder",
    "Contractive",
    "Denoising",
    "Estimator",
    "Latent",
    "Normal",
    "Observer",
    "Uniform",
    "load",
    "resume",
]
