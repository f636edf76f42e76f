"""Entropy and divergences of probabilities and densities."""
