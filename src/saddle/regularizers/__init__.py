"""Regularizers: what keeps a critic in bounds.

`REGULARIZERS` lists them under the names that configurations and the command line use. Any number of them goes with
any objective.
"""

from saddle.regularizers.gradient_penalty import GradientPenalty, OneSidedGradientPenalty
from saddle.regularizers.instance_noise import InstanceNoise
from saddle.regularizers.protocol import Penalty, Perturbation, Projection, Regularizer
from saddle.regularizers.weight_clipping import WeightClipping
from saddle.regularizers.zero_centered import R1, R2

REGULARIZERS: dict[str, type] = {
    "weight-clipping": WeightClipping,
    "gradient-penalty": GradientPenalty,
    "one-sided-gradient-penalty": OneSidedGradientPenalty,
    "r1": R1,
    "r2": R2,
    "instance-noise": InstanceNoise,
}

__all__ = [
    "R1",
    "R2",
    "REGULARIZERS",
    "GradientPenalty",
    "InstanceNoise",
    "OneSidedGradientPenalty",
    "Penalty",
    "Perturbation",
    "Projection",
    "Regularizer",
    "WeightClipping",
]
