"""Objectives: what the critic and the generator minimize.

`OBJECTIVES` lists them under the names that configurations and the command line use.
"""

from saddle.objectives.least_squares import LeastSquares
from saddle.objectives.minimax import Minimax
from saddle.objectives.non_saturating import NonSaturating
from saddle.objectives.protocol import Discriminating, Objective
from saddle.objectives.wasserstein import Wasserstein

OBJECTIVES: dict[str, type] = {
    "minimax": Minimax,
    "non-saturating": NonSaturating,
    "least-squares": LeastSquares,
    "wasserstein": Wasserstein,
}

__all__ = [
    "OBJECTIVES",
    "Discriminating",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "Objective",
    "Wasserstein",
]
