"""Autoencoders: plain, denoising and contractive ones, stacked, and how they are sampled."""

from saddle.families.autoencoder.autoencoder import Autoencoder

__all__ = ["Autoencoder"]
