"""Regularizers: what keeps a critic in bounds.

`REGULARIZERS` lists them under the names that configurations and the command line use. Any number of them goes with
any objective.
"""

from saddle.regularizers.augmentation import Augmentation
from saddle.regularizers.consistency import Consistency
from saddle.regularizers.dragan import DRAGAN
from saddle.regularizers.gradient_penalty import GradientPenalty, OneSidedGradientPenalty
from saddle.regularizers.instance_noise import InstanceNoise
from saddle.regularizers.protocol import (
    ACTS,
    Invariance,
    Normalization,
    Penalty,
    Perturbation,
    Projection,
    Regularizer,
    Scheduled,
    Surrounding,
)
from saddle.regularizers.spectral_normalization import SpectralNormalization
from saddle.regularizers.weight_clipping import WeightClipping
from saddle.regularizers.zero_centered import R1, R2, ZeroCenteredPenalty

REGULARIZERS: dict[str, type] = {
    "weight-clipping": WeightClipping,
    "gradient-penalty": GradientPenalty,
    "one-sided-gradient-penalty": OneSidedGradientPenalty,
    "r1": R1,
    "r2": R2,
    "zero-centered-penalty": ZeroCenteredPenalty,
    "dragan": DRAGAN,
    "spectral-normalization": SpectralNormalization,
    "instance-noise": InstanceNoise,
    "augmentation": Augmentation,
    "consistency": Consistency,
}

__all__ = [
    "ACTS",
    "DRAGAN",
    "R1",
    "R2",
    "REGULARIZERS",
    "Augmentation",
    "Consistency",
    "GradientPenalty",
    "InstanceNoise",
    "Invariance",
    "Normalization",
    "OneSidedGradientPenalty",
    "Penalty",
    "Perturbation",
    "Projection",
    "Regularizer",
    "Scheduled",
    "SpectralNormalization",
    "Surrounding",
    "WeightClipping",
    "ZeroCenteredPenalty",
]
