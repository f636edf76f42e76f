"""Autoencoders: plain, denoising and contractive ones, stacked, and how they are sampled."""

from saddle.families.autoencoder.autoencoder import Autoencoder
from saddle.families.autoencoder.regularizer import Contractive, Denoising

__all__ = ["Autoencoder", "Contractive", "Denoising"]
