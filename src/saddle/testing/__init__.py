"""The laws that saddle's own parts obey and that yours must obey to go with them; no test runner is needed.

Each `check_...` raises `AssertionError` with one sentence at the first law that is broken, and returns the properties
in which good parts differ.
"""

from saddle.testing.architectures import ArchitectureProperties, check_architecture
from saddle.testing.discrepancies import DiscrepancyProperties, check_discrepancy
from saddle.testing.latents import check_latent
from saddle.testing.measures import MeasureProperties, check_measure
from saddle.testing.objective_properties import ObjectiveProperties
from saddle.testing.objectives import check_objective
from saddle.testing.optimizers import check_optimizer
from saddle.testing.regularizers import RegularizerProperties, check_regularizer
from saddle.testing.trial import Trial

__all__ = [
    "ArchitectureProperties",
    "DiscrepancyProperties",
    "MeasureProperties",
    "ObjectiveProperties",
    "RegularizerProperties",
    "Trial",
    "check_architecture",
    "check_discrepancy",
    "check_latent",
    "check_measure",
    "check_objective",
    "check_optimizer",
    "check_regularizer",
]
