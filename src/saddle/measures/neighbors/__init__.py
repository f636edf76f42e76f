"""Measures by nearest neighbors."""
