"""Measures: how far samples are from data, as numbers with errors.

Pure functions of arrays or tensors; no model and no file is needed to use them. Each returns an `Estimate`, or a named
tuple of them.
"""

from saddle.measures.estimate import Estimate
from saddle.measures.kernels.energy import energy_distance
from saddle.measures.mode_coverage import ModeCoverage, mode_coverage, perfect_mode_coverage
from saddle.measures.neighbors.copying import Copying, copying
from saddle.measures.neighbors.density_coverage import DensityCoverage, density_coverage, expected_coverage
from saddle.measures.neighbors.nearest import Neighbors, nearest
from saddle.measures.neighbors.precision_recall import PrecisionRecall, precision_recall
from saddle.measures.transport.sliced_wasserstein import sliced_wasserstein

__all__ = [
    "Copying",
    "DensityCoverage",
    "Estimate",
    "ModeCoverage",
    "Neighbors",
    "PrecisionRecall",
    "copying",
    "density_coverage",
    "energy_distance",
    "expected_coverage",
    "mode_coverage",
    "nearest",
    "perfect_mode_coverage",
    "precision_recall",
    "sliced_wasserstein",
]
