"""Optimal transport between samples, exact, sliced, regularized and between normals."""
