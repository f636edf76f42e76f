"""The generative stochastic network: the estimator, its layers and its walkback training."""

from saddle.families.gsn.gsn import GSN

__all__ = ["GSN"]
