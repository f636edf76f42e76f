"""All measures in one table: what each is of, and the mathematical properties that it declares to have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from saddle.measures.classifier_two_sample import classifier_two_sample
from saddle.measures.generator_dimension import generator_dimension
from saddle.measures.kernels.energy import energy_distance
from saddle.measures.kernels.kernel_distance import kernel_distance
from saddle.measures.kernels.mmd import mmd
from saddle.measures.lipschitz import lipschitz_constant
from saddle.measures.mode_coverage import mode_coverage
from saddle.measures.neighbors.copying import copying
from saddle.measures.neighbors.density_coverage import density_coverage
from saddle.measures.neighbors.intrinsic_dimension import intrinsic_dimension
from saddle.measures.neighbors.js_from_samples import js_from_samples
from saddle.measures.neighbors.kl_from_samples import kl_from_samples
from saddle.measures.neighbors.nearest import nearest
from saddle.measures.neighbors.precision_recall import precision_recall
from saddle.measures.parzen import parzen_log_likelihood
from saddle.measures.probability.cross_entropy import cross_entropy
from saddle.measures.probability.entropy import entropy
from saddle.measures.probability.f_divergence import f_divergence
from saddle.measures.probability.information import information
from saddle.measures.probability.js_divergence import js_divergence
from saddle.measures.probability.kl_divergence import kl_divergence
from saddle.measures.probability.mutual_information import mutual_information
from saddle.measures.probability.renyi_divergence import renyi_divergence
from saddle.measures.probability.total_variation import total_variation
from saddle.measures.transport.dual_potential import dual_potential
from saddle.measures.transport.frechet_distance import frechet_distance
from saddle.measures.transport.sinkhorn_divergence import sinkhorn_divergence
from saddle.measures.transport.sliced_wasserstein import sliced_wasserstein
from saddle.measures.transport.wasserstein import wasserstein

Of = Literal["one law", "two laws", "joint law", "one sample", "two samples", "more"]
"""What a measure takes: probabilities and densities ("law"), sets of examples ("sample"), or more than that."""
Property = Literal[
    "non-negative",
    "zero for equal",
    "symmetric",
    "at most log 2",
    "at most one",
    "Pinsker",
    "triangle inequality",
    "triangle inequality of the root",
    "Kantorovich-Rubinstein",
    "order-invariant",
    "rotation-invariant",
    "differentiable",
]


@dataclass(frozen=True)
class Measure:
    """A measure with what it declares of itself.

    Attributes:
        function: the measure.
        of: what it takes.
        properties: those that hold for every input, to rounding; the law suite tests each.
    """

    function: Callable[..., Any]
    of: Of
    properties: frozenset[Property]


def _measure(function: Callable[..., Any], of: Of, *properties: Property) -> Measure:
    return Measure(function, of, frozenset(properties))


_DIVERGENCE: tuple[Property, ...] = ("non-negative", "zero for equal", "order-invariant", "differentiable")
_SAMPLES: tuple[Property, ...] = ("order-invariant", "rotation-invariant")
_METRIC: tuple[Property, ...] = ("non-negative", "zero for equal", "symmetric", "triangle inequality")

MEASURES: dict[str, Measure] = {
    one.function.__name__: one
    for one in (
        _measure(information, "one law", "non-negative", "differentiable"),
        _measure(entropy, "one law", "non-negative", "order-invariant", "differentiable"),
        _measure(cross_entropy, "two laws", "non-negative", "order-invariant", "differentiable"),
        _measure(kl_divergence, "two laws", *_DIVERGENCE, "Pinsker"),
        _measure(
            js_divergence, "two laws", *_DIVERGENCE, "symmetric", "at most log 2", "triangle inequality of the root"
        ),
        _measure(total_variation, "two laws", *_DIVERGENCE, "symmetric", "at most one", "triangle inequality"),
        _measure(f_divergence, "two laws", *_DIVERGENCE),
        _measure(renyi_divergence, "two laws", *_DIVERGENCE),
        _measure(mutual_information, "joint law", "non-negative", "differentiable"),
        _measure(wasserstein, "two samples", *_SAMPLES, *_METRIC, "Kantorovich-Rubinstein"),
        _measure(sliced_wasserstein, "two samples", "order-invariant", *_METRIC),
        _measure(sinkhorn_divergence, "two samples", *_SAMPLES, "zero for equal", "symmetric"),
        _measure(dual_potential, "more"),
        _measure(frechet_distance, "two samples"),
        _measure(energy_distance, "two samples", *_SAMPLES, "symmetric"),
        _measure(mmd, "two samples", *_SAMPLES, "symmetric"),
        _measure(kernel_distance, "two samples", *_SAMPLES, "symmetric"),
        _measure(kl_from_samples, "two samples", *_SAMPLES),
        _measure(js_from_samples, "two samples", "rotation-invariant"),
        _measure(precision_recall, "two samples", *_SAMPLES, "non-negative", "at most one"),
        _measure(density_coverage, "two samples", *_SAMPLES, "non-negative"),
        _measure(classifier_two_sample, "two samples", "non-negative", "at most one"),
        _measure(parzen_log_likelihood, "more"),
        _measure(mode_coverage, "more"),
        _measure(intrinsic_dimension, "one sample", *_SAMPLES, "non-negative"),
        _measure(generator_dimension, "more"),
        _measure(lipschitz_constant, "more"),
        _measure(nearest, "more"),
        _measure(copying, "more"),
    )
}
"""All measures by their public names, in the order of the documentation."""
