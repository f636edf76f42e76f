"""Measures: how far samples are from data, as numbers with errors.

Pure functions of arrays or tensors; no model and no file is needed to use them. Each returns an `Estimate`, or a named
tuple of them.
"""

from saddle.measures.catalog import MEASURES, Measure
from saddle.measures.classifier_two_sample import Classifier, ClassifierTwoSample, classifier_two_sample
from saddle.measures.estimate import Estimate
from saddle.measures.generator_dimension import generator_dimension
from saddle.measures.kernels.energy import energy_distance
from saddle.measures.kernels.kernel_distance import kernel_distance
from saddle.measures.kernels.mmd import mmd
from saddle.measures.lipschitz import lipschitz_constant
from saddle.measures.mode_coverage import ModeCoverage, mode_coverage, perfect_mode_coverage
from saddle.measures.neighbors.copying import Copying, copying
from saddle.measures.neighbors.density_coverage import DensityCoverage, density_coverage, expected_coverage
from saddle.measures.neighbors.intrinsic_dimension import intrinsic_dimension
from saddle.measures.neighbors.js_from_samples import js_from_samples
from saddle.measures.neighbors.kl_from_samples import kl_from_samples
from saddle.measures.neighbors.nearest import Neighbors, nearest
from saddle.measures.neighbors.precision_recall import PrecisionRecall, precision_recall
from saddle.measures.parzen import ParzenLogLikelihood, parzen_log_likelihood
from saddle.measures.points import Points, as_points, as_two_samples
from saddle.measures.probability.cross_entropy import cross_entropy
from saddle.measures.probability.density import Density
from saddle.measures.probability.entropy import entropy
from saddle.measures.probability.f_divergence import f_divergence
from saddle.measures.probability.f_divergences import F_DIVERGENCES, FDivergence
from saddle.measures.probability.f_families import alpha_divergence, weighted_jensen_shannon
from saddle.measures.probability.information import information
from saddle.measures.probability.js_divergence import js_divergence
from saddle.measures.probability.kl_divergence import kl_divergence
from saddle.measures.probability.mutual_information import mutual_information
from saddle.measures.probability.renyi_divergence import renyi_divergence
from saddle.measures.probability.total_variation import total_variation
from saddle.measures.transport.dual_potential import Potential, dual_potential
from saddle.measures.transport.frechet_distance import FrechetDistance, frechet_distance
from saddle.measures.transport.sinkhorn_divergence import sinkhorn_divergence
from saddle.measures.transport.sliced_wasserstein import sliced_wasserstein
from saddle.measures.transport.wasserstein import wasserstein

__all__ = [
    "F_DIVERGENCES",
    "MEASURES",
    "Classifier",
    "ClassifierTwoSample",
    "Copying",
    "Density",
    "DensityCoverage",
    "Estimate",
    "FDivergence",
    "FrechetDistance",
    "Measure",
    "ModeCoverage",
    "Neighbors",
    "ParzenLogLikelihood",
    "Points",
    "Potential",
    "PrecisionRecall",
    "alpha_divergence",
    "as_points",
    "as_two_samples",
    "classifier_two_sample",
    "copying",
    "cross_entropy",
    "density_coverage",
    "dual_potential",
    "energy_distance",
    "entropy",
    "expected_coverage",
    "f_divergence",
    "frechet_distance",
    "generator_dimension",
    "information",
    "intrinsic_dimension",
    "js_divergence",
    "js_from_samples",
    "kernel_distance",
    "kl_divergence",
    "kl_from_samples",
    "lipschitz_constant",
    "mmd",
    "mode_coverage",
    "mutual_information",
    "nearest",
    "parzen_log_likelihood",
    "perfect_mode_coverage",
    "precision_recall",
    "renyi_divergence",
    "sinkhorn_divergence",
    "sliced_wasserstein",
    "total_variation",
    "wasserstein",
    "weighted_jensen_shannon",
]
