"""Families: scikit-learn-like estimators, each of which builds a `Problem` and hands it to training."""

from saddle.families.autoencoder import Autoencoder
from saddle.families.boltzmann import BoltzmannMachine
from saddle.families.chain_mixing import Mixing, autocorrelation, mixing
from saddle.families.corruption import CORRUPTIONS, Corruption, GaussianNoise, Masking, SaltAndPepper
from saddle.families.estimator import Estimator
from saddle.families.gan import GAN, LATENTS, Latent, Normal, Uniform
from saddle.families.gsn import GSN
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
    "Corruption",
    "Estimator",
    "GaussianNoise",
    "Latent",
    "Masking",
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
