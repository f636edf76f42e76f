"""Families: scikit-learn-like estimators, each of which builds a `Problem` and hands it to training."""

from saddle.families.boltzmann import (
    Autoencoder,
    BoltzmannMachine,
    Contractive,
    Denoising,
    Mixing,
    autocorrelation,
    mixing,
)
from saddle.families.estimator import Estimator
from saddle.families.gan import GAN, LATENTS, Latent, Normal, Uniform
from saddle.families.gsn import CORRUPTIONS, GSN, Corruption, GaussianNoise, SaltAndPepper
from saddle.families.observer import Observer
from saddle.families.opening import FAMILIES, load, resume
from saddle.families.vae import VAE

__all__ = [
    "CORRUPTIONS",
    "FAMILIES",
    "GAN",
    "GSN",
    "LATENTS",
    "VAE",
    "Autoencoder",
    "BoltzmannMachine",
    "Contractive",
    "Corruption",
    "Denoising",
    "Estimator",
    "GaussianNoise",
    "Latent",
    "Mixing",
    "Normal",
    "Observer",
    "SaltAndPepper",
    "Uniform",
    "autocorrelation",
    "load",
    "mixing",
    "resume",
]
