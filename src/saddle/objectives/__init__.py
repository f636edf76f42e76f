"""Objectives: what the critic and the generator minimize.

`OBJECTIVES` lists those that are losses of scores, `DISCREPANCIES` those that are distances between batches, under the
names that configurations and the command line use.
"""

from saddle.objectives.energy_based import EnergyBased
from saddle.objectives.f_gan import FGAN
from saddle.objectives.hinge import Hinge
from saddle.objectives.least_squares import LeastSquares
from saddle.objectives.minimax import Minimax
from saddle.objectives.mmd import MMD
from saddle.objectives.non_saturating import NonSaturating
from saddle.objectives.protocol import Discrepancy, Discriminating, Objective
from saddle.objectives.relativistic import RelativisticAverage, RelativisticPaired
from saddle.objectives.sinkhorn import Sinkhorn
from saddle.objectives.wasserstein import Wasserstein

OBJECTIVES: dict[str, type] = {
    "minimax": Minimax,
    "non-saturating": NonSaturating,
    "least-squares": LeastSquares,
    "wasserstein": Wasserstein,
    "hinge": Hinge,
    "relativistic": RelativisticPaired,
    "relativistic-average": RelativisticAverage,
    "f-gan": FGAN,
    "energy-based": EnergyBased,
}

DISCREPANCIES: dict[str, type] = {"mmd": MMD, "sinkhorn": Sinkhorn}

__all__ = [
    "DISCREPANCIES",
    "FGAN",
    "MMD",
    "OBJECTIVES",
    "Discrepancy",
    "Discriminating",
    "EnergyBased",
    "Hinge",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "Objective",
    "RelativisticAverage",
    "RelativisticPaired",
    "Sinkhorn",
    "Wasserstein",
]
