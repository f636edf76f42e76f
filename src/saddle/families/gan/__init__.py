"""The generative adversarial network: the estimator, the game it plays, its latents and its networks."""

from saddle.families.gan.gan import GAN
from saddle.families.gan.latent import LATENTS, Latent, Normal, Uniform

__all__ = ["GAN", "LATENTS", "Latent", "Normal", "Uniform"]
