"""The variational autoencoder: the estimator, its bound and its likelihood by importance sampling."""

from saddle.families.vae.vae import VAE

__all__ = ["VAE"]
