"""The generative stochastic network: the estimator, its layers, its corruption and its walkback training."""

from saddle.families.gsn.corruption import CORRUPTIONS, Corruption, GaussianNoise, SaltAndPepper
from saddle.families.gsn.gsn import GSN

__all__ = ["CORRUPTIONS", "GSN", "Corruption", "GaussianNoise", "SaltAndPepper"]
