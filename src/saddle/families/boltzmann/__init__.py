"""The Boltzmann machine: the estimator, its energy, how it learns, and estimates of its likelihood."""

from saddle.families.boltzmann.boltzmann import BoltzmannMachine

__all__ = ["BoltzmannMachine"]
