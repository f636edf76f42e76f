"""Saddle: train adversarial generative models, measure them, and check their theory by experiment.

Names are loaded when they are first used, since importing torch takes seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saddle import claims as claims
    from saddle import comparison as comparison
    from saddle import data as data
    from saddle import diagnosis as diagnosis
    from saddle import evaluation as evaluation
    from saddle import families as families
    from saddle import measures as measures
    from saddle import networks as networks
    from saddle import objectives as objectives
    from saddle import recipes as recipes
    from saddle import regularizers as regularizers
    from saddle import reports as reports
    from saddle import testing as testing
    from saddle.comparison import compare
    from saddle.core.errors import InputError, NonFiniteError
    from saddle.data import Dataset, open
    from saddle.diagnosis import diagnose
    from saddle.evaluation import evaluate, measure
    from saddle.families import (
        GAN,
        GSN,
        VAE,
        Autoencoder,
        BoltzmannMachine,
        GaussianNoise,
        Masking,
        Normal,
        SaltAndPepper,
        Uniform,
        load,
        resume,
    )
    from saddle.networks import MLP, ConditionalMaxout, Convolutional, Maxout, Reconstruction
    from saddle.objectives import (
        FGAN,
        MMD,
        EnergyBased,
        Hinge,
        LeastSquares,
        Minimax,
        NonSaturating,
        RelativisticAverage,
        RelativisticPaired,
        Sinkhorn,
        Wasserstein,
    )
    from saddle.recipes import recipe
    from saddle.regularizers import (
        DRAGAN,
        R1,
        R2,
        Augmentation,
        Consistency,
        GradientPenalty,
        InstanceNoise,
        OneSidedGradientPenalty,
        SpectralNormalization,
        WeightClipping,
        ZeroCenteredPenalty,
    )
    from saddle.training.optimizers import SGD, Adam, RMSProp, TorchOptimizer

_HOMES = {
    "saddle.comparison": ("compare",),
    "saddle.core.errors": ("InputError", "NonFiniteError"),
    "saddle.data": ("Dataset", "open"),
    "saddle.diagnosis": ("diagnose",),
    "saddle.evaluation": ("evaluate", "measure"),
    "saddle.families": (
        "GAN",
        "VAE",
        "Autoencoder",
        "Normal",
        "Uniform",
        "load",
        "resume",
        "GSN",
        "GaussianNoise",
        "Masking",
        "SaltAndPepper",
        "BoltzmannMachine",
    ),
    "saddle.networks": ("MLP", "ConditionalMaxout", "Convolutional", "Maxout", "Reconstruction"),
    "saddle.objectives": (
        "FGAN",
        "MMD",
        "EnergyBased",
        "Hinge",
        "LeastSquares",
        "Minimax",
        "NonSaturating",
        "RelativisticAverage",
        "RelativisticPaired",
        "Sinkhorn",
        "Wasserstein",
    ),
    "saddle.recipes": ("recipe",),
    "saddle.regularizers": (
        "DRAGAN",
        "R1",
        "R2",
        "Augmentation",
        "Consistency",
        "GradientPenalty",
        "InstanceNoise",
        "OneSidedGradientPenalty",
        "SpectralNormalization",
        "WeightClipping",
        "ZeroCenteredPenalty",
    ),
    "saddle.training.optimizers": ("SGD", "Adam", "RMSProp", "TorchOptimizer"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = (
    "claims",
    "comparison",
    "data",
    "diagnosis",
    "evaluation",
    "families",
    "measures",
    "networks",
    "objectives",
    "recipes",
    "regularizers",
    "reports",
    "testing",
)

__all__ = [
    "DRAGAN",
    "FGAN",
    "GAN",
    "GSN",
    "MLP",
    "MMD",
    "R1",
    "R2",
    "SGD",
    "VAE",
    "Adam",
    "Augmentation",
    "Autoencoder",
    "BoltzmannMachine",
    "ConditionalMaxout",
    "Consistency",
    "Convolutional",
    "Dataset",
    "EnergyBased",
    "GaussianNoise",
    "GradientPenalty",
    "Hinge",
    "InputError",
    "InstanceNoise",
    "LeastSquares",
    "Masking",
    "Maxout",
    "Minimax",
    "NonFiniteError",
    "NonSaturating",
    "Normal",
    "OneSidedGradientPenalty",
    "RMSProp",
    "Reconstruction",
    "RelativisticAverage",
    "RelativisticPaired",
    "SaltAndPepper",
    "Sinkhorn",
    "SpectralNormalization",
    "TorchOptimizer",
    "Uniform",
    "Wasserstein",
    "WeightClipping",
    "ZeroCenteredPenalty",
    "compare",
    "diagnose",
    "evaluate",
    "load",
    "measure",
    "open",
    "recipe",
    "resume",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    if name in _MODULES:
        return import_module(f"saddle.{name}")
    raise AttributeError(f"module 'saddle' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES])
