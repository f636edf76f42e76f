"""Whether critic and generator play against each other.

The game is reduced to two scores, one that every real example gets and one that every fake example gets. The critic
moves both as it likes; a generator that is its adversary then wants the fake score nearer to the real one.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from saddle.objectives import Objective
from saddle.testing.demand import demand

COUNT = 4  # examples that share a score
APART = 1e-3  # a first gap, so that losses of the squared gap have a slope
STEPS = 300
STEP = 0.1
# The generator is asked just before the critic's optimum: at it, a zero-sum generator has no slope; at the start, one
# with a target between the critic's two (as in least squares) may have none or the opposite one.
SHARE = 0.9


def demand_adversaries(kind: str, objective: Objective) -> None:
    """Demand that the critic parts real from fake scores and the generator pulls fake ones back.

    Which side gets the higher scores is left to the objective.

    Raises:
        AssertionError: naming the player that does not play its part.
    """
    (level,) = _minimum(lambda at: objective.critic(*_spread(at[0], at[0])), torch.zeros(1, dtype=torch.float64))
    start = torch.stack([level + APART / 2, level - APART / 2])
    best = _minimum(lambda at: objective.critic(*_spread(at[0], at[1])), start)
    gap = abs((best[0] - best[1]).item())
    demand(gap > APART, f"{kind}.critic does not part real from fake scores: minimized, it leaves a gap of {gap:.1g}.")
    real, fake = level + SHARE * (best - level)
    fake.requires_grad_()
    (slope,) = torch.autograd.grad(objective.generator(*_spread(real, fake)), fake)
    demand(
        bool(slope * (real - fake) < 0),
        f"{kind} has no adversaries: where its critic gives {real.item():.2g} to real and {fake.item():.2g} to fake "
        "examples, its generator does not move the fake score toward the real one.",
    )


def _spread(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real.expand(COUNT), fake.expand(COUNT)


def _minimum(loss: Callable[[Tensor], Tensor], start: Tensor) -> Tensor:
    """Where descent from `start` ends, which is far away for a loss without a minimum.

    The steps are Adam's (Kingma & Ba 2015, arXiv 1412.6980), whose length does not depend on the scale of the loss;
    as they shrink to nothing, kinks are settled on as well. `torch.optim` would take seconds to import.
    """
    at, slope, square = start, torch.zeros_like(start), torch.zeros_like(start)
    for step in range(1, STEPS + 1):
        at = at.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(at), at)
        slope = 0.9 * slope + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient.square()
        length = STEP * (1 + math.cos(math.pi * step / STEPS)) / 2
        at = at - length * (slope / (1 - 0.9**step)) / ((square / (1 - 0.999**step)).sqrt() + 1e-12)
    return at.detach()
